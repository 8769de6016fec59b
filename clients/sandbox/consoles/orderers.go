package consoles

import (
	"cmp"
	"context"
	"encoding/base32"
	"fmt"
	"net/http"
	"strings"
	"time"

	"farol/state/secret"
)

// usualSystemChannel is what a console writes down, also when there is no system channel.
const usualSystemChannel = "testchainid"

// mostOrdererTime bounds what is waited for an ordering service, which gets more time the more nodes it has.
const mostOrdererTime = 5 * time.Minute

// createOrderers has the nodes of an ordering service made, one after the other.
func (c *Console) createOrderers(r *http.Request, fields map[string]any) answer {
	crypto, _ := fields["crypto"].([]any)
	if a := c.full(len(crypto)); a != nil {
		return *a
	}
	cluster := service{id: textAt(fields, "cluster_id"), name: textAt(fields, "cluster_name"), fields: fields}
	if cluster.id == "" {
		cluster.id = letters(10)
	}
	if cluster.name == "" {
		cluster.name = named(fields)
	}
	first := deploymentOf(textAt(fields, "id"))
	if first == "" {
		first = c.store.reserve(named(fields), "node1")
		defer c.store.release(first)
	}
	limit := c.o.DeployerTimeout
	if n := len(crypto); n > 1 {
		limit = min(limit+limit*2*time.Duration(n)/5, mostOrdererTime)
	}
	nodes, err := within(r.Context(), limit, func(ctx context.Context) ([]Node, error) { return c.deployOrderers(ctx, first, cluster, crypto) })
	if err != nil {
		return deployError(err)
	}
	created := []any{}
	for i, n := range nodes {
		d, err := c.store.insert(c.describeOrderer(n, cluster, i))
		if err != nil {
			return unstored()
		}
		created = append(created, legacy(shown(d, false)))
	}
	return ok(map[string]any{"created": created})
}

// service is what the nodes of an ordering service have in common.
type service struct {
	id, name string
	fields   map[string]any
}

// display is the name of a node.
func (s service) display(i int) string { return fmt.Sprintf("%s_%d", named(s.fields), i+1) }

func (s service) systemChannel() string {
	return cmp.Or(textAt(s.fields, "system_channel_id"), usualSystemChannel)
}

// deployOrderers makes all nodes or none.
func (c *Console) deployOrderers(ctx context.Context, first string, s service, crypto []any) ([]Node, error) {
	var made []Node
	for i, one := range crypto {
		how, _ := one.(map[string]any)
		spec := OrdererSpec{ID: fmt.Sprintf("%snode%d", first, i+1), DisplayName: s.display(i), MSPID: textAt(s.fields, "msp_id"),
			ClusterName: s.name, ClusterID: s.id, CA: enrollment(how, "enrollment.ca"), TLSCA: enrollment(how, "enrollment.tlsca"),
			AdminCerts: certs(how, "enrollment.component.admin_certs")}
		if s.fields["systemless"] != true {
			spec.SystemChannel = s.systemChannel()
		}
		n, err := c.o.Deployer.(OrdererDeployer).CreateOrderer(ctx, spec)
		if err != nil {
			for _, n := range made {
				_ = c.o.Deployer.Delete(ctx, n.Kind, n.ID) // what stays is in the list of deployments
			}
			return nil, err
		}
		made = append(made, n)
	}
	return made, nil
}

// describeOrderer is the document of an ordering node. Its roots are not known to a real console, which writes
// null for them (console-api.md 4.8).
func (c *Console) describeOrderer(n Node, s service, i int) document {
	d := c.describe(kindOrderer, n, s.fields)
	d["display_name"], d["cluster_id"], d["cluster_name"], d["consenter_proposal_fin"] = s.display(i), s.id, s.name, true
	d["orderer_type"], d["osnadmin_url"], d["system_channel_id"] = s.fields["orderer_type"], n.AdminURL, s.systemChannel()
	if s.fields["systemless"] != nil {
		d["systemless"] = s.fields["systemless"]
	}
	d["tags"] = tags(kindOrderer, s.fields["tags"], deployedHere, s.id)
	d["msp"] = map[string]any{"component": map[string]any{"tls_cert": n.TLSCert}, "tlsca": map[string]any{"root_certs": []any{nil}}}
	return plain(d)
}

// letters are random ones.
func letters(n int) string {
	text := strings.ToLower(base32.StdEncoding.EncodeToString([]byte(secret.Random(2 * n).Expose())))
	return strings.NewReplacer("2", "w", "3", "x", "4", "y", "5", "z", "6", "u", "7", "v").Replace(text)[:n]
}
