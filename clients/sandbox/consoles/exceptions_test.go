package consoles

// This file is the whole list of what the replay of the record leaves out or does not compare, and why.

// apart are the recorded exchanges that are not replayed.
var apart = map[string]string{
	"Go client against the console's own auto-generated TLS certificate": "no call: it is about a certificate that the recorded console makes for an IP address, and practice consoles have host names",
}

// mask is something that is not compared value by value. An empty title stands for every exchange.
type mask struct {
	title, path string
	how         how
	why         string
}

// everywhere are the masks of values that differ from run to run.
var everywhere = []mask{
	{"", "**.timestamp", ofOneType, "time of the run"},
	{"", "**.edited_timestamp", ofOneType, "time of the run"},
	{"", "**.ts_created", ofOneType, "time of the run"},
	{"", "**.lastHeartbeatTime", ofOneType, "time of the run"},
	{"", "**.expiration", ofOneType, "time of the run"},
	{"", "**.local_date", ofOneType, "time of the run"},
	{"", "**.elapsed_ms", ofOneType, "duration"},
	{"", "**.tx_id", ofOneType, "random"},
	{"", "**.api_key", ofOneType, "random"},
	{"", "**.api_secret", ofOneType, "random, and shortened in the record"},
	{"", "**.access_token", ofOneType, "random, and shortened in the record"},
	{"", "**.by", ofOneType, "begins like a random key"},
	{"", "**.censoredEmail", ofOneType, "begins like a random key"},
	{"", "**.uuid", ofOneType, "a random key"},
	{"", "**.user_agent", ofOneType, "random in both"},
	{"", "**.serial_number_hex", ofOneType, "the test has certificates of its own"},
	{"", "**.not_before_ts", ofOneType, "the test has certificates of its own"},
	{"", "**.not_after_ts", ofOneType, "the test has certificates of its own"},
	{"", "**.time_left", ofOneType, "the test has certificates of its own"},
	{"", "**.instance_id", ofOneType, "the recorded console has two names for itself"},
	{"", "**.crn_string", ofOneType, "the recorded console has two names for itself"},
	{"", "**.CRN_STRING", ofOneType, "the recorded console has two names for itself"},
	{"", "**.iid", ofOneType, "the recorded console has two names for itself"},
}

// here are the masks for the replay at the emulator.
var here = append([]mask{
	{"Settings", "TIMESTAMPS", shaped, "time of the run"},
	{"Settings without any auth", "TIMESTAMPS", shaped, "time of the run"},
	{"Settings", "REGION", ofOneType, "the three recorded consoles are said to be elsewhere than their nodes"},
	{"Settings without any auth", "REGION", ofOneType, "the three recorded consoles are said to be elsewhere than their nodes"},
	{"Health (not a route)", "OPTOOLS", shaped, "statistics of a process"},
	{"Health (not a route)", "OS", shaped, "statistics of a machine"},
	{"User info by API key", "loggedInAs", shaped, "a random key"},
	{"Notifications", "notifications.*.id", ofOneType, "random"},
	{"Notifications", "total", ofOneType, "also counts what was done between the recorded exchanges"},
	{"Fabric versions", "versions", shaped, "which ones there are is the deployer's matter"},
	{"Fabric versions", "versions.*", ofOneType, "which ones there are is the deployer's matter"},
	{"Status", "org1peer1.status_resp.time", ofOneType, "time of the run"},
	{"Create a peer", "msp.component.admin_certs", gone, "the recorded deployer, a fake, gave none back"},
	{"Create peer from certificates (crypto.msp)", "msp.component.admin_certs", gone, "the recorded deployer, a fake, gave none back"},
	{"Same peer again, now accepted (takes a while: the console tries to read the CA)", "msp.component.admin_certs", gone, "the recorded deployer, a fake, gave none back"},
	{"Get the created peer with deployment attributes", "msp.component.admin_certs", gone, "the recorded deployer, a fake, gave none back"},
	{"Get the created peer with deployment attributes", "last_k8s_sync_ts", gone, "comes from a background job"},
	{"Update the peer (version)", "msp.component.admin_certs", gone, "the recorded deployer, a fake, gave none back"},
	{"Update the peer (version)", "last_k8s_sync_ts", gone, "comes from a background job"},
	{"Create a one-node ordering service without a system channel", "created.*.cluster_id", ofOneType, "random"},
	{"Create a one-node ordering service without a system channel", "created.*.tags", shaped, "has the random id of the cluster"},
	{"Bearer token with only the reader role: list", "components.*.display_name", ofOneType, stale},
	{"Bearer token with only the reader role: list", "components.*.edited_timestamp", gone, stale},
	{"List deployed components", "components.*?osnadmin_url.version", ofOneType, "which one is made unless another is wanted is the deployer's matter"},
	{"List deployed components", "components", unordered, "a deployer lists in an order of its own"},
	{"List deployed components", "components.*.msp.component.admin_certs", gone, "the recorded deployer, a fake, gave none back"},
	{"List deployed components", "components.*?_error.resources", gone, "the deployer of the test keeps none"},
	{"List deployed components", "components.*?_error.storage", gone, "the deployer of the test keeps none"},
	{"List deployed components", "components.*?_error.version", gone, "the deployer of the test keeps none"},
	{"List deployed components", "components.*?_error.zone", gone, "the deployer of the test keeps none"},
	{"Deployed components: the orphan left by the timeout", "components", deployed, "the recorded deployer, a fake, also listed what has no id"},
	{"Deployed components: the orphan left by the timeout", "components.*.resources", gone, "the deployer of the test keeps none"},
	{"Deployed components: the orphan left by the timeout", "components.*.storage", gone, "the deployer of the test keeps none"},
	{"Deployed components: the orphan left by the timeout", "components.*.version", gone, "the deployer of the test keeps none"},
	{"Deployed components: the orphan left by the timeout", "components.*.zone", gone, "the deployer of the test keeps none"},
	{"Deployed components: the orphan left by the timeout", "components.*.api_url", gone, "the recorded deployer of this console is at another address"},
	{"Deployed components: the orphan left by the timeout", "components.*.operations_url", gone, "the recorded deployer of this console is at another address"},
}, everywhere...)

const stale = "the recorded console answered from a cache that had not heard of an edit three seconds before"

// headerMask is a header that is not compared.
type headerMask struct{ title, name, why string }

var headersHere = []headerMask{
	{"Malformed JSON", "X-RateLimit-Limit", readFirst},
	{"Malformed JSON", "X-RateLimit-Reset", readFirst},
	{"Malformed JSON", "X-RateLimit-Remaining", readFirst},
	{"JSON null", "X-RateLimit-Limit", readFirst},
	{"JSON null", "X-RateLimit-Remaining", readFirst},
	{"JSON null", "X-RateLimit-Reset", readFirst},
	{"", "X-RateLimit-Reset", "time of the run"},
}

const readFirst = "a real console reads bodies before it counts calls; here nothing is read of somebody who is turned away"

// anywhere are the recorded calls that change nothing, and whose answers do not depend on what a console has. They
// are played at a console elsewhere, which may be full of somebody's components.
var anywhere = []string{
	"No auth header on /ak", "Session route without a session", "Unknown API route", "Unknown type", "Get one that does not exist", "Bad query value",
	"Unknown query parameter", "Settings", "Settings without any auth", "Health check", "Healthcheck without any auth", "Health (not a route)",
	"Notifications", "User info by API key", "List API keys", "Bearer token: garbage", "List by tag with no match", "MSP certificates by unknown msp_id",
	"Component id with odd characters", "Fabric versions without a deployer", "Deployed components without a deployer",
}

// apartElsewhere are the exchanges that are not played at a console elsewhere, besides those of users and sessions,
// whose passwords are not given, and those of the consoles with a deployer, which would make nodes.
var apartElsewhere = map[string]string{
	"Rate limit: 27 POSTs in a row from one client (limit 25 per minute for non-GET /ak routes)": "would keep others out",
	"Lockout: repeated wrong secrets from one client":                                            "would lock this machine out",
	"Session cookie on an /ak route":                                                             "the same as no authentication, when there is no session",
	"Bearer token with only the reader role: list":                                               "answered from a cache, see above",
}

// elsewhere are the masks for another console.
var elsewhere = append([]mask{
	{"Unknown query parameter", "components", ofOneType, "what it has is its own"},
	{"Settings", "**.FABRIC_CAPABILITIES", ofOneType, "depends on its version"},
	{"Settings", "**.LDAP", ofOneType, "depends on its installation"},
	{"Settings", "", shaped, "depends on its installation"},
	{"Settings without any auth", "", shaped, "depends on its installation"},
	{"Health check", "id", ofOneType, "its own name"},
	{"Healthcheck without any auth", "id", ofOneType, "its own name"},
	{"Health (not a route)", "", shaped, "statistics of another machine"},
	{"Notifications", "notifications", ofOneType, "there may be none"},
	{"Notifications", "", shaped, "others change it, too"},
	{"User info by API key", "authorized_actions", shaped, "depends on the key"},
	{"User info by API key", "loggedInAs", shaped, "a random key"},
	{"User info by API key", "crn", shaped, "its own name"},
	{"List API keys", "", shaped, "others have keys, too"},
	{"Status of components (hosts unreachable)", "org1ca.status_resp", ofOneType, "the words of another network"},
	{"Exchange for a bearer token", "roles", shaped, "depends on the key"},
}, everywhere...)

var headersElsewhere = append([]headerMask{
	{"", "WWW-Authenticate", "has the address of the console"},
	{"", "X-RateLimit-Limit", "depends on its settings"},
	{"", "X-RateLimit-Remaining", "depends on its settings"},
}, headersHere...)
