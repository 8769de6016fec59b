package steps

import (
	"slices"
	"strings"
	"testing"

	"farol/state/secret"
)

func TestAPasswordInAnAddressIsRefusedAndNotRepeated(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"https://maria:Hunter2@console.example.com", "http://maria:Hunter2@console.example.com",
		"https://maria:Hunter2@@console.example.com/%zz", "maria:Hunter2@console.example.com", "https://maria:Hun@ter2@con sole", "@https://maria:Hunter2@x"} {
		d := answeredDraft(t)
		answer(t, d, "consoles.url@us-east", address)
		f := Missing(d)["consoles.url@us-east"]
		if f == nil || f.Code != CodeURL {
			t.Errorf("%s: %v", address, f)
			continue
		}
		if said := f.Error() + f.Facts["value"]; strings.Contains(said, "unter2") || strings.Contains(said, "ter2@") {
			t.Errorf("the password is repeated: %s", said)
		}
	}
}

func TestAProxysPasswordIsNotRepeated(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	d.Setup.Proxy = "http://maria:Hunter2@%zz"
	_, err := TestConsole(t.Context(), d, "us-east")
	if f := hasCode(t, err, CodeURL); strings.Contains(f.Error(), "Hunter2") {
		t.Error(f)
	}
}

func TestAnAddressIsTakenAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"https://console.example.com", "https://console.example.com/", " https://console.example.com ",
		"https://console.example.com:443", "https://10.1.2.3:3000", "https://[2001:db8::1]:3000", "HTTPS://console.example.com"} {
		d := answeredDraft(t)
		answer(t, d, "consoles.url@us-east", address)
		if bad := Missing(d); len(bad) > 0 {
			t.Errorf("%s: %v", address, bad)
		}
	}
}

func TestTwoRegionsCannotHaveOneConsole(t *testing.T) {
	t.Parallel()
	for _, again := range []string{"https://console.us-south.example.com", "https://console.us-south.example.com/",
		"https://CONSOLE.us-south.example.com", "https://console.us-south.example.com:443", "https://console.us-south.example.com:443/"} {
		d := answeredDraft(t)
		answer(t, d, "consoles.url@ca-tor", again)
		bad := Missing(d)
		if len(bad) != 2 {
			t.Errorf("%s: %v", again, bad)
		}
		for _, q := range []string{"consoles.url@us-south", "consoles.url@ca-tor"} {
			if f := bad[q]; f == nil || f.Code != CodeSameConsole || f.Facts["a"] != "us-south" || f.Facts["b"] != "ca-tor" {
				t.Errorf("%s at %s: %v", again, q, f)
			}
		}
	}
	d := answeredDraft(t)
	answer(t, d, "consoles.url@ca-tor", "https://console.us-south.example.com:8443")
	if bad := Missing(d); len(bad) > 0 {
		t.Errorf("another port is another console: %v", bad)
	}
}

func TestARegionThatStandsTwiceIsNamed(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	answer(t, d, "regions.list", "us-south,us-east,us-south")
	f := Missing(d)["regions.list"]
	if f == nil || f.Code != CodeUnknownRegion || f.Facts["region"] != "us-south" {
		t.Errorf("%v", f)
	}
}

func TestWhatWasAnsweredForARegionThatStaysIsKept(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	answer(t, d, "consoles.peer@us-east", "eastern1")
	answer(t, d, "regions.home", "us-east")
	answer(t, d, "regions.list", "eu-de, us-east")
	for id, want := range map[string]string{
		"regions.list": "eu-de,us-east", "regions.home": "us-east", "consoles.url@us-east": "https://console.us-east.example.com",
		"consoles.api_key@us-east": "key-of-us-east", "consoles.api_secret@us-east": planted("us-east"), "consoles.peer@us-east": "eastern1",
		"consoles.url@eu-de": "", "consoles.peer@eu-de": "org1eudepeer1",
	} {
		if got := question(t, d, id).Get(d); got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	for _, q := range Questions(d) {
		if q.Region == "us-south" || q.Region == "ca-tor" {
			t.Errorf("%s is still asked", q.ID())
		}
	}
}

func TestTheFirstRegionBecomesHomeWhenTheHomeRegionGoes(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	answer(t, d, "regions.list", "eu-de,us-east")
	if h := d.Setup.HomeRegion().ID; h != "eu-de" {
		t.Errorf("home is %s", h)
	}
	homes := 0
	for _, r := range d.Setup.Regions {
		if r.Home {
			homes++
		}
	}
	if homes != 1 {
		t.Errorf("%d regions are home", homes)
	}
	if q := question(t, d, "regions.home"); !slices.Equal(q.Options, []string{"eu-de", "us-east"}) {
		t.Errorf("choices of the home region: %v", q.Options)
	}
}

func TestNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	for _, q := range Questions(answeredDraft(t)) {
		if q.Key == "regions.home" { // there is always exactly one, so a wrong one cannot be kept
			continue
		}
		d := answeredDraft(t)
		answer(t, d, q.ID(), "!no,such<answer>")
		if got := question(t, d, q.ID()).Get(d); got != "!no,such<answer>" {
			t.Errorf("%s keeps %q", q.ID(), got)
		}
		if d.Sources[q.ID()] != FromTyped && q.Kind != MultiField {
			t.Errorf("%s comes from %q", q.ID(), d.Sources[q.ID()])
		}
		if Missing(d)[q.ID()] == nil && q.Key != "consoles.api_key" && q.Key != "consoles.api_secret" {
			t.Errorf("%s passes", q.ID())
		}
	}
}

func TestASecretLosesOnlyTheSpaceAroundIt(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	answer(t, d, "consoles.api_secret@us-east", " a b\n")
	if got := d.Secrets[ConsoleSecret("us-east")]; got.Expose() != secret.FromString("a b").Expose() {
		t.Error("the secret is another one")
	}
}

func TestEveryQuestionHasItsOwnID(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, q := range Questions(answeredDraft(t)) {
		if seen[q.ID()] || (q.Region != "") != (q.Screen == ConsolesScreen) {
			t.Errorf("%s on %s", q.ID(), q.Screen)
		}
		seen[q.ID()] = true
	}
}
