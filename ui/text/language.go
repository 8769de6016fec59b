package text

import (
	"cmp"
	"strings"

	"golang.org/x/text/language"
)

// catalogues lists what Farol speaks. The first one is taken when nothing fits.
func catalogues() []*Catalogue { return []*Catalogue{&English} }

// For gives the catalogue that fits the wishes best. The first one that is not empty counts: a language tag
// ("pt-BR"), a list as browsers send it, or a POSIX locale ("en_US.UTF-8").
func For(wishes ...string) *Catalogue {
	all := catalogues()
	var spoken []language.Tag
	for _, c := range all {
		spoken = append(spoken, c.Tag)
	}
	return all[match(spoken, wishes)]
}

// match gives the index of the language that fits the first wish.
func match(spoken []language.Tag, wishes []string) int {
	_, i := language.MatchStrings(language.NewMatcher(spoken), locale(cmp.Or(wishes...)))
	return i
}

// locale cuts the character set and the variant off a POSIX locale.
func locale(wish string) string {
	if i := strings.IndexAny(wish, ".@"); i >= 0 {
		return wish[:i]
	}
	return wish
}
