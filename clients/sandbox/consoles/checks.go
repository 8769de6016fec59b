package consoles

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	idRule    = regexp.MustCompile(`^[a-z][a-z0-9_-]{2,63}$`)
	mspRule   = regexp.MustCompile(`^[A-Za-z0-9.-]{0,250}$`)
	httpRule  = regexp.MustCompile(`^https?://[\w\-._~]+`)
	grpcRule  = regexp.MustCompile(`^grpcs?://[\w\-._~]+:\d{1,5}$`)
	badSecret = regexp.MustCompile("[\\s:/<>#{}%`\\[\\]\\\\^~|\"]")
)

// text is the rule for a string of least to most characters; most 0 means any number.
func text(least, most int) rule {
	return func(path string, v any) []string {
		s, is := v.(string)
		switch {
		case !is:
			return isType(typeOf(v), "string")(path, v)
		case len(s) < least:
			return []string{fmt.Sprintf("Expected parameter '%s' is too short. Must be >= %d characters.", path, least)}
		case most > 0 && len(s) > most:
			return []string{fmt.Sprintf("Expected parameter '%s' is too long. Must be <= %d characters.", path, most)}
		}
		return nil
	}
}

// like is the rule for a string of some form, with what is said about another.
func like(form *regexp.Regexp, otherwise string) rule {
	return func(path string, v any) []string {
		if s, is := v.(string); is && form.MatchString(s) {
			return nil
		}
		return []string{fmt.Sprintf(otherwise, path)}
	}
}

const notURL = "The field '%s' must be a url including the protocol, hostname/ip and port."

var (
	isHTTP = like(httpRule, notURL)
	isGRPC = like(grpcRule, notURL)
	isID   = like(idRule, "The field '%s' must start with a letter, be lowercase and only contain letters, numbers, dashes or underscores.")
	isTags = each(0, 32, text(0, 32))
)

func isMSPID(path string, v any) []string {
	if v == "." || v == ".." {
		v = nil
	}
	return like(mspRule, "The field '%s' can only contain alphanumerics characters, dashes, and dots.")(path, v)
}

// isCert takes base64 of a PEM certificate, X.509 v3 only (console-api.md 0.12).
func isCert(path string, v any) []string {
	if s, is := v.(string); is && certificate(s) != nil {
		return nil
	}
	return []string{fmt.Sprintf("Expected parameter '%s' to be a Base64 encoded PEM-string.", path)}
}

func certificate(s string) *x509.Certificate {
	raw := []byte(s)
	if b, err := base64.StdEncoding.DecodeString(s); err == nil {
		raw = b
	}
	block, _ := pem.Decode(raw)
	if block == nil {
		return nil
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil || c.Version != 3 {
		return nil
	}
	return c
}

func isCerts(least int) rule { return each(least, 100, isCert) }

func oneOf(values ...string) rule {
	return func(path string, v any) []string {
		if s, is := v.(string); is && slices.Contains(values, s) {
			return nil
		}
		return []string{fmt.Sprintf("Expected parameter '%s' to be one of these values: '%s'.", path, strings.Join(values, "', '"))}
	}
}

// number is the rule for a number within bounds.
func number(least, most float64) rule {
	return func(path string, v any) []string {
		f, is := v.(float64)
		switch {
		case !is:
			return isType(typeOf(v), "number")(path, v)
		case f < least:
			return []string{fmt.Sprintf("Expected parameter '%s' is too small. Must be >= %v.", path, least)}
		case f > most:
			return []string{fmt.Sprintf("Expected parameter '%s' is too large. Must be <= %v.", path, most)}
		}
		return nil
	}
}

// isPort takes numbers, also those that stand in a string.
func isPort(path string, v any) []string {
	if s, is := v.(string); is {
		if n, err := strconv.Atoi(s); err == nil {
			v = float64(n)
		}
	}
	return number(1, 65536)(path, v)
}

// portAt reads what isPort has let through.
func portAt(fields map[string]any, path string) int {
	v, _ := at(fields, path)
	if f, is := v.(float64); is {
		return int(f)
	}
	n, _ := strconv.Atoi(textAt(fields, path))
	return n
}

func isEnroll(path string, v any) []string {
	if msgs := text(0, 255)(path, v); msgs != nil {
		return msgs
	}
	if badSecret.MatchString(v.(string)) {
		return []string{fmt.Sprintf("The field '%s' contains invalid characters.", path)}
	}
	return nil
}

func isLocation(path string, v any) []string {
	if v == deployedHere {
		return []string{fmt.Sprintf("The field '%s' cannot be '%s'.", path, deployedHere)}
	}
	return text(0, 1024)(path, v)
}
