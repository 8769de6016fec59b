//go:build depsonly

// Temporary: holds go.mod complete while packages are written in parallel.
package main

import (
	_ "filippo.io/age"
	_ "github.com/cenkalti/backoff/v5"
	_ "github.com/charmbracelet/bubbles/spinner"
	_ "github.com/charmbracelet/bubbles/viewport"
	_ "github.com/charmbracelet/bubbletea"
	_ "github.com/charmbracelet/huh"
	_ "github.com/charmbracelet/lipgloss"
	_ "github.com/charmbracelet/x/ansi"
	_ "github.com/creack/pty"
	_ "github.com/gofrs/flock"
	_ "github.com/google/go-cmp/cmp"
	_ "github.com/hinshun/vt10x"
	_ "github.com/hyperledger/fabric-admin-sdk/pkg/chaincode"
	_ "github.com/hyperledger/fabric-admin-sdk/pkg/channel"
	_ "github.com/hyperledger/fabric-admin-sdk/pkg/discovery"
	_ "github.com/hyperledger/fabric-admin-sdk/pkg/identity"
	_ "github.com/hyperledger/fabric-chaincode-go/v2/shim"
	_ "github.com/hyperledger/fabric-config/configtx"
	_ "github.com/hyperledger/fabric-gateway/pkg/client"
	_ "github.com/hyperledger/fabric-protos-go-apiv2/common"
	_ "github.com/muesli/termenv"
	_ "github.com/rogpeppe/go-internal/testscript"
	_ "github.com/spf13/cobra"
	_ "go.uber.org/goleak"
	_ "golang.org/x/sync/errgroup"
	_ "golang.org/x/sys/unix"
	_ "golang.org/x/term"
	_ "golang.org/x/text/language"
	_ "google.golang.org/grpc"
	_ "google.golang.org/protobuf/proto"
	_ "gopkg.in/yaml.v3"
)
