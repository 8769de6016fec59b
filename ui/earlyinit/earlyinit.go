// Package earlyinit decides the background colour before bubbletea can ask for it.
//
// bubbletea v1 has a package init that queries the terminal for its background colour. On a terminal that
// does not answer (CI runners, ssh -tt, web consoles) every command of the binary, even --version, then
// stalls for five seconds and prints an escape sequence, and nothing upstream switches that off. The query
// is skipped when the colour is known already. Go initialises packages in the order of their import paths
// as soon as what they import is ready, so this package must import lipgloss, must not import bubbletea, and
// its path must sort before github.com/charmbracelet/bubbletea: farol/ does (terminal-ui.md 0.1).
//
// The screens use the 16 colours of the terminal's own theme, which need no background to look right.
package earlyinit

import "github.com/charmbracelet/lipgloss"

func init() { lipgloss.SetHasDarkBackground(true) }
