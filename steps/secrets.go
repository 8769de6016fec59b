package steps

import "farol/state/secret"

// Secrets are the secrets of a set-up by name, as the vault keeps them: "console/us-east/secret".
type Secrets map[string]secret.Secret
