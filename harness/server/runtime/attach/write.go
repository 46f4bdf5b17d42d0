package attach

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/util/atomicfile"
)

// Addresses are where components are reached.
type Addresses interface {
	Addr(component, port string) string
	Peer(component, port string) string
}

type written struct {
	Address  string `yaml:"address"`
	Peer     string `yaml:"peer,omitempty"`
	SASL     string `yaml:"sasl,omitempty"`
	User     string `yaml:"user,omitempty"`
	Password string `yaml:"password,omitempty"`
}

const head = `# Where the components of a stack are, for --attach. It has passwords: keep it
# to yourself.
`

// Write makes a file, which only its owner may read, of those of the named
// components that clients need. files is the folder that Flink and the SQL engine share,
// "" where there is none.
func Write(path string, at Addresses, names []string, logins access.Set, files string) error {
	list := map[string]written{}
	for _, name := range names {
		if len(ports[name]) == 0 {
			continue
		}
		main, peer := ports[name][0], ports[name][len(ports[name])-1]
		login := logins[name]
		w := written{Address: at.Addr(name, main), Peer: at.Peer(name, peer), User: login.User, Password: login.Password.Reveal()}
		if name == "kafka" {
			w.SASL = login.SASL()
		}
		if w.Peer == w.Address {
			w.Peer = ""
		}
		list[name] = w
	}
	var out bytes.Buffer
	out.WriteString(head)
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	all := map[string]any{"components": list}
	if _, engine := list["spark"]; engine && files != "" {
		all["files"] = files
	}
	if err := encoder.Encode(all); err != nil {
		return err
	}
	if err := atomicfile.WritePrivate(path, out.Bytes()); err != nil {
		return fmt.Errorf("write the file of addresses: %w", err)
	}
	return nil
}

var _ component.Addresses = (*File)(nil)
