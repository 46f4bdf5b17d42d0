package attach

import (
	"crypto/x509"
	"os"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// field is a key of a mapping with its value.
type field struct{ key, value *yaml.Node }

// mapping returns the fields of a node, which must be among known.
func (p parser) mapping(node *yaml.Node, what string, known ...string) (map[string]field, error) {
	if node.Kind != yaml.MappingNode {
		return nil, p.fail(node.Line, "%s: must be a mapping of %s", what, strings.Join(known, ", "))
	}
	fields := map[string]field{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if value.Kind == yaml.AliasNode {
			value = value.Alias
		}
		if !slices.Contains(known, key.Value) {
			return nil, p.fail(key.Line, "%s: unknown key %q; the keys are %s", what, key.Value, strings.Join(known, ", "))
		}
		if first, twice := fields[key.Value]; twice {
			return nil, p.fail(key.Line, "%s is given twice, first in line %d", key.Value, first.key.Line)
		}
		fields[key.Value] = field{key, value}
	}
	return fields, nil
}

var variable = regexp.MustCompile(`\$\{([^}]*)\}`)

// text returns a value with the environment's variables filled in.
func (p parser) text(f field) (string, error) {
	if f.value.Kind != yaml.ScalarNode || f.value.Tag == "!!null" {
		return "", p.fail(f.key.Line, "%s: must be a text", f.key.Value)
	}
	var missing []string
	text := variable.ReplaceAllStringFunc(f.value.Value, func(found string) string {
		name := strings.TrimSuffix(strings.TrimPrefix(found, "${"), "}")
		value, ok := os.LookupEnv(name)
		if !ok {
			missing = append(missing, name)
		}
		return value
	})
	if len(missing) > 0 {
		return "", p.fail(f.value.Line, "%s: the environment has no variable %s", f.key.Value, strings.Join(missing, ", "))
	}
	return text, nil
}

// shown is a part of a value as an error may quote it: of one that the environment
// fills in what is written, and of an address with a login in it, such as
// user:password@host, what follows that.
func (f field) shown(part string) string {
	if variable.MatchString(f.value.Value) {
		part = f.value.Value
	}
	if at := strings.LastIndex(part, "@"); at >= 0 {
		part = "***" + part[at:]
	}
	return part
}

func (p parser) bool(f field) (bool, error) {
	var b bool
	if f.value.Kind != yaml.ScalarNode || f.value.Tag == "!!null" || f.value.Decode(&b) != nil {
		return false, p.fail(f.key.Line, "%s: must be true or false", f.key.Value)
	}
	return b, nil
}

func holdsCertificate(text []byte) bool { return x509.NewCertPool().AppendCertsFromPEM(text) }
