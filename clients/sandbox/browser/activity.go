package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"farol/state/secret"
)

// Added is the line that the UI leaves in the console's notifications after identities came into its wallet. The
// blank at its end is the UI's. It names no identity, and one import of several leaves one line.
const Added = "adding identity to user's wallet "

// Console is a console as the UI talks to it: by the routes of browsers, in a person's session.
type Console struct {
	URL      string
	HTTP     *http.Client
	User     string
	Password secret.Secret

	cookies []*http.Cookie
}

// Open loads the page, which is all that a person needs of the console to work with the wallet.
func (c *Console) Open(ctx context.Context) error {
	status, err := c.ask(ctx, http.MethodGet, "/api/v3/settings", nil)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("the console answers %d", status)
	}
	return err
}

// Record leaves a line in the console's notifications. A browser whose session is over logs in and says it again.
func (c *Console) Record(ctx context.Context, line string) error {
	say := func() (int, error) {
		return c.ask(ctx, http.MethodPost, "/api/v3/notifications", object{"status": "success", "log": line})
	}
	status, err := say()
	if err == nil && status == http.StatusUnauthorized {
		if status, err = c.ask(ctx, http.MethodPost, "/api/v3/auth/login", object{"email": c.User, "pass": c.Password.Expose()}); err == nil && status == http.StatusOK {
			status, err = say()
		}
	}
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("the console answers %d", status)
	}
	return err
}

func (c *Console) ask(ctx context.Context, method, path string, in any) (int, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return 0, err
		}
		body = bytes.NewReader(b)
	}
	q, err := http.NewRequestWithContext(ctx, method, c.URL+path, body)
	if err != nil {
		return 0, err
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("User-Agent", "Mozilla/5.0 (the person at the practice console)")
	for _, cookie := range c.cookies {
		q.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
	}
	resp, err := c.HTTP.Do(q)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20))
	if set := resp.Cookies(); len(set) > 0 {
		c.cookies = set
	}
	return resp.StatusCode, nil
}
