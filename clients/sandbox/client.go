package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"farol/state/fault"
	"farol/state/secret"
)

// client speaks to a daemon's control port.
type client struct {
	addr  string
	token secret.Secret
	dir   string
}

func (c client) call(ctx context.Context, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://"+c.addr+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.token.Expose())
	direct := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // loopback: past the environment's proxy
	resp, err := direct.Do(req)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fault.New(NotAnswering, "dir", c.dir).Because(err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusUnprocessableEntity:
		var f wireFault
		if err := json.NewDecoder(resp.Body).Decode(&f); err != nil {
			return fault.New(NotAnswering, "dir", c.dir).Because(err)
		}
		return failed(folder(c.dir), f.unpack())
	case resp.StatusCode >= 300:
		return fault.New(NotAnswering, "dir", c.dir).Because(fmt.Errorf("%s %s: %s", method, path, resp.Status))
	case out == nil:
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

// wireFault is a fault on its way from the daemon.
type wireFault struct {
	Code      fault.Code        `json:"code,omitempty"`
	Facts     map[string]string `json:"facts,omitempty"`
	Certainty fault.Certainty   `json:"certainty"`
	Transient bool              `json:"transient"`
	Cause     string            `json:"cause,omitempty"`
}

func packFault(err error) wireFault {
	f, ok := fault.Of(err)
	if !ok {
		return wireFault{Cause: err.Error()}
	}
	return wireFault{Code: f.Code, Facts: f.Facts, Certainty: f.Certainty, Transient: f.Transient, Cause: err.Error()}
}

func (w wireFault) unpack() error {
	cause := errors.New(w.Cause)
	if w.Code == "" {
		return cause
	}
	f := fault.New(w.Code).Certain(w.Certainty).Because(cause)
	f.Transient = w.Transient
	for k, v := range w.Facts {
		f.With(k, v)
	}
	return f
}
