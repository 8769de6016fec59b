package steps

import (
	"slices"
	"strings"

	"farol/state"
	"farol/state/secret"
	"farol/steps/region"
)

// Questions lists everything that is asked, in order. The regions answered so far decide how many consoles
// are asked for.
func Questions(d *Draft) []Question {
	qs := []Question{
		{Key: "regions.list", Screen: RegionsScreen, Kind: MultiField, Options: regionIDs(), Permanent: true,
			Get: func(d *Draft) string { return strings.Join(regionList(d), ",") },
			Set: func(d *Draft, v string) { SetRegions(d, split(v)) }, Check: checkRegions},
		{Key: "regions.home", Screen: RegionsScreen, Kind: ChoiceField, Options: regionList(d), Permanent: true,
			Get: func(d *Draft) string { return d.Setup.HomeRegion().ID }, Set: setHome, Check: checkHome},
	}
	for _, r := range d.Setup.Regions {
		qs = append(qs, consoleQuestions(r.ID)...)
	}
	o, c, k := organization, channel, contract
	return asked(append(qs,
		text("organization.name", OrganizationScreen, false, o(func(o *state.Organization) *string { return &o.Name }), checkDisplayName),
		text("organization.msp_id", OrganizationScreen, true, o(func(o *state.Organization) *string { return &o.MSPID }), checkMSPID),
		text("organization.ca", OrganizationScreen, true, o(func(o *state.Organization) *string { return &o.CA }), checkCA),
		text("organization.admin", OrganizationScreen, false, o(func(o *state.Organization) *string { return &o.Admin }), checkAdmin),
		choice("organization.ca_database", OrganizationScreen, caDatabases, o(func(o *state.Organization) *string { return (*string)(&o.CADatabase) })),
		choice("organization.state_database", OrganizationScreen, stateDatabases(d), o(func(o *state.Organization) *string { return (*string)(&o.StateDatabase) })),
		text("channel.name", ChannelScreen, true, c(func(c *state.Channel) *string { return &c.Name }), checkChannel),
		path("ordering.file", ChannelScreen, func(d *Draft) *string { return &d.Setup.Ordering.File }, checkOrderingFile),
		text("contract.name", ChannelScreen, true, k(func(c *state.Contract) *string { return &c.Name }), checkContractName),
		text("contract.version", ChannelScreen, false, k(func(c *state.Contract) *string { return &c.Version }), checkContractVersion),
		path("contract.package", ChannelScreen, k(func(c *state.Contract) *string { return &c.Package }), checkPackage),
		choice("mirror", ChannelScreen, mirrors, func(d *Draft) *string { return (*string)(&d.Setup.Mirror) }),
	))
}

var (
	caDatabases = []string{string(state.SQLite)}
	mirrors     = []string{string(state.AllAll), string(state.HomeOnly), string(state.None)}
)

// stateDatabases are those that peers can have. Practice regions run no CouchDB.
func stateDatabases(d *Draft) []string {
	if d.Setup.Practice {
		return []string{string(state.LevelDB)}
	}
	return []string{string(state.LevelDB), string(state.CouchDB)}
}

func consoleQuestions(id string) []Question {
	at := func(field func(*state.Region) *string) func(*Draft) *string {
		return func(d *Draft) *string {
			for i := range d.Setup.Regions {
				if d.Setup.Regions[i].ID == id {
					return field(&d.Setup.Regions[i])
				}
			}
			return new(string)
		}
	}
	in := func(field func(*state.Console) *string) func(*Draft) *string {
		return at(func(r *state.Region) *string { return field(&r.Console) })
	}
	qs := []Question{
		text("consoles.url", ConsolesScreen, true, in(func(c *state.Console) *string { return &c.URL }), checkURL),
		text("consoles.api_key", ConsolesScreen, false, in(func(c *state.Console) *string { return &c.APIKey }), checkRequired),
		{Key: "consoles.api_secret", Screen: ConsolesScreen, Kind: SecretField, Check: checkRequired,
			Get: func(d *Draft) string { return d.Secrets[ConsoleSecret(id)].Expose() },
			Set: func(d *Draft, v string) { d.Secrets[ConsoleSecret(id)] = secret.FromString(strings.TrimSpace(v)) }},
		path("consoles.ca_file", ConsolesScreen, in(func(c *state.Console) *string { return &c.CAFile }), checkCAFile),
		text("consoles.peer", ConsolesScreen, true, at(func(r *state.Region) *string { return &r.Peer }), checkPeerName),
	}
	for i := range qs {
		qs[i].Region = id
	}
	return qs
}

// asked makes a question forget where its value came from once somebody changes it, and lets the names that
// follow from it follow.
func asked(qs []Question) []Question {
	for i := range qs {
		q := qs[i]
		qs[i].Set = func(d *Draft, v string) {
			before := q.Get(d)
			q.Set(d, v)
			if q.Get(d) != before {
				delete(d.Sources, q.ID())
				if q.Get(d) != "" {
					d.Sources[q.ID()] = FromTyped
				}
			}
			Derive(d)
		}
	}
	return qs
}

func text(key string, s Screen, permanent bool, at func(*Draft) *string, c checker) Question {
	return Question{Key: key, Screen: s, Kind: TextField, Permanent: permanent, Check: c,
		Get: func(d *Draft) string { return *at(d) }, Set: func(d *Draft, v string) { *at(d) = strings.TrimSpace(v) }}
}

func path(key string, s Screen, at func(*Draft) *string, c checker) Question {
	q := text(key, s, false, at, c)
	q.Kind = PathField
	return q
}

func choice(key string, s Screen, options []string, at func(*Draft) *string) Question {
	q := text(key, s, true, at, oneOf(options))
	q.Kind, q.Options = ChoiceField, options
	return q
}

func organization(f func(*state.Organization) *string) func(*Draft) *string {
	return func(d *Draft) *string { return f(&d.Setup.Organization) }
}

func channel(f func(*state.Channel) *string) func(*Draft) *string {
	return func(d *Draft) *string { return f(&d.Setup.Channel) }
}

func contract(f func(*state.Contract) *string) func(*Draft) *string {
	return func(d *Draft) *string { return f(&d.Setup.Contract) }
}

func regionIDs() []string {
	var out []string
	for _, r := range region.All() {
		out = append(out, r.ID)
	}
	return out
}

func regionList(d *Draft) []string {
	var out []string
	for _, r := range d.Setup.Regions {
		out = append(out, r.ID)
	}
	return out
}

func split(v string) []string {
	return slices.DeleteFunc(strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' }), func(s string) bool { return s == "" })
}

// SetRegions takes a list of region ids. What was answered for a region that stays is kept; the first region
// becomes the home region if the old one is gone.
func SetRegions(d *Draft, ids []string) {
	home := d.Setup.HomeRegion().ID
	var out []state.Region
	for _, id := range ids {
		r, ok := d.Setup.Region(id)
		if !ok {
			r = state.Region{ID: id}
		}
		out = append(out, r)
	}
	d.Setup.Regions = out
	setHome(d, home)
}

func setHome(d *Draft, id string) {
	if _, ok := d.Setup.Region(id); !ok && len(d.Setup.Regions) > 0 {
		id = d.Setup.Regions[0].ID
	}
	for i := range d.Setup.Regions {
		d.Setup.Regions[i].Home = d.Setup.Regions[i].ID == id
	}
}
