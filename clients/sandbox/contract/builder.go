package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"time"
)

// BuilderEnv names the variable that carries the peer's Addresses file to the builder. The peer passes on only
// variables that its configuration lists.
const BuilderEnv = "FAROL_CONTRACT_ADDRESSES"

// WaitLimit is how long the build waits for the sandbox to start the contract.
const WaitLimit = 20 * time.Second

// Steps are the programs that make an external builder: detect SOURCE METADATA, build SOURCE METADATA OUTPUT,
// release OUTPUT RELEASE (Fabric's documentation, "External Builders and Launchers").
var Steps = []string{"detect", "build", "release"}

// Builder runs one step of the external builder.
func Builder(ctx context.Context, step string, args []string, addresses Addresses) error {
	switch {
	case step == "detect" && len(args) == 2:
		return detect(args[1])
	case step == "build" && len(args) == 3:
		return build(ctx, args[0], args[2], addresses)
	case step == "release" && len(args) == 2:
		return release(args[0], args[1])
	}
	return fmt.Errorf("builder: no step %q with %d arguments", step, len(args))
}

// detect accepts only packages of services.
func detect(meta string) error {
	b, err := os.ReadFile(filepath.Join(meta, "metadata.json"))
	if err != nil {
		return err
	}
	var m metadata
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	if !m.service() {
		return fmt.Errorf("builder: type %q is not %s", m.Type, serviceType)
	}
	return nil
}

// build puts connection.json into the output, with the address filled in when the package leaves it open.
func build(ctx context.Context, source, output string, addresses Addresses) error {
	b, err := os.ReadFile(filepath.Join(source, "connection.json"))
	if err != nil {
		return err
	}
	if templated(b) {
		id, err := packageOf(source)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, WaitLimit)
		defer cancel()
		addr, err := addresses.Await(ctx, id)
		if err != nil {
			return err
		}
		if b, err = fill(b, addr); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(output, "connection.json"), b, 0o644)
}

func fill(connection []byte, addr string) ([]byte, error) {
	t, err := template.New("connection.json").Option("missingkey=error").Parse(string(connection))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, map[string]string{"address": addr})
	return out.Bytes(), err
}

// packageOf finds out for which package the peer runs the builder. Its contract does not say, but the folder it
// unpacks into is named after the package: fabric-LABEL-HASH and random digits (fabric 2.5.9, externalbuilder.go).
func packageOf(source string) (string, error) {
	const hashLen = 64
	name, ours := strings.CutPrefix(filepath.Base(filepath.Dir(source)), "fabric-")
	cut := strings.LastIndexByte(name, '-')
	if !ours || cut < 1 || len(name) < cut+1+hashLen {
		return "", errors.New("builder: the folder " + source + " does not tell the package")
	}
	return name[:cut] + ":" + name[cut+1:cut+1+hashLen], nil
}

// release hands connection.json to the peer.
func release(output, target string) error {
	b, err := os.ReadFile(filepath.Join(output, "connection.json"))
	if err != nil {
		return err
	}
	server := filepath.Join(target, "chaincode", "server")
	if err := os.MkdirAll(server, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(server, "connection.json"), b, 0o644)
}
