package keeper

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/component"
)

// secretsFile has the passwords of a run. Only the run's user can read it; no
// password is sent over HTTP or shown on a command line.
const secretsFile = "secrets.json"

// secret is a login as secretsFile has it.
type secret struct {
	User     string `json:"user"`
	Password string `json:"password"`
}

// makeSecrets makes a login for each component that always asks for one and, in a
// secure run, for each that can, and keeps them in the run's folder.
func makeSecrets(config Config) (access.Set, error) {
	asking := component.Secured
	if config.Secure {
		asking = slices.Concat(component.Securable, asking)
	}
	kept := map[string]secret{}
	for _, name := range asking {
		kept[name] = secret{User: "hoplab", Password: rand.Text()}
	}
	if config.Secure {
		kept["kibana"] = kept["elasticsearch"] // whose users it asks for
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(config.Dir, secretsFile), text, 0o600); err != nil {
		return nil, err
	}
	return logins(kept), nil
}

func logins(kept map[string]secret) access.Set {
	set := access.Set{}
	for name, s := range kept {
		set[name] = access.Login{User: s.User, Password: access.Hide(s.Password)}
	}
	return set
}

// Access returns the logins that the run's components ask for; one that it lacks is
// open to everybody. Those of attached components are in their file.
func (c *Client) Access() (access.Set, error) {
	text, err := os.ReadFile(filepath.Join(c.dir, secretsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the run's passwords: %w", err)
	}
	var kept map[string]secret
	if err := json.Unmarshal(text, &kept); err != nil {
		return nil, errors.New("read the run's passwords: " + secretsFile + " is damaged")
	}
	return logins(kept), nil
}
