package steps

import (
	"strings"

	"farol/state"
)

// NewDraft is a set-up as it stands before anything is answered: a sane one, so that Enter goes all the way.
func NewDraft() *Draft {
	d := &Draft{Secrets: Secrets{}, Sources: map[string]Source{}}
	d.Setup = state.Setup{
		Organization: state.Organization{Name: "Org1", MSPID: "Org1MSP", CADatabase: state.SQLite, StateDatabase: state.LevelDB},
		Channel:      state.Channel{Name: "trade"},
		Contract:     state.Contract{Name: "basic", Version: "1.0", Sequence: 1},
		Mirror:       state.AllAll,
	}
	SetRegions(d, []string{"us-south", "us-east", "ca-tor"})
	for _, q := range Questions(d) {
		if q.Get(d) != "" {
			d.Sources[q.ID()] = FromDefault
		}
	}
	Derive(d)
	return d
}

// Derive fills in the names that follow from others, as long as nobody has typed them.
func Derive(d *Draft) {
	o := &d.Setup.Organization
	short := ComponentID(o.Name)
	follow(d, "organization.ca", &o.CA, component(short, "ca"))
	follow(d, "organization.admin", &o.Admin, short+"admin")
	if o.Registrar == "" {
		o.Registrar = "registrar"
	}
	if d.Setup.Name == "" || d.Sources["name"] == FromDefault {
		d.Setup.Name, d.Sources["name"] = o.Name+" on "+d.Setup.Channel.Name, FromDefault
	}
	for i := range d.Setup.Regions {
		r := &d.Setup.Regions[i]
		follow(d, "consoles.peer@"+r.ID, &r.Peer, component(short, ComponentID(r.ID)+"peer1"))
	}
	if d.Setup.Contract.Sequence == 0 {
		d.Setup.Contract.Sequence = 1
	}
}

// component puts a name together and shortens its first part, so that the last tells it from others.
func component(first, last string) string {
	return first[:min(len(first), max(0, maxComponent-len(last)))] + last
}

func follow(d *Draft, question string, value *string, derived string) {
	if src, known := d.Sources[question]; *value == "" || known && src == FromDefault {
		*value, d.Sources[question] = strings.ToLower(derived), FromDefault
	}
}
