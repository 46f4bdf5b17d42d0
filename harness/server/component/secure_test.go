package component

import (
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/util/golden"
)

func secured() access.Set {
	set := access.Set{}
	for _, name := range Securable {
		set[name] = access.Login{User: "lab", Password: access.Hide("pass-of-" + name)}
	}
	return set
}

// TestSecureProcess compares the files of components that ask for a login with
// golden files, and looks for secrets where others could read them.
func TestSecureProcess(t *testing.T) {
	for _, name := range append([]string{"connect", "kibana"}, Securable...) {
		c := named(t, name)
		s := site(c)
		s.Secrets = secured()
		p := c.Process(s)
		var got strings.Builder
		for _, f := range p.Files {
			if f.Private || strings.Contains(f.Text, "mosquitto") || strings.HasSuffix(f.Path, ".yml") || strings.HasSuffix(f.Path, ".conf") {
				got.WriteString("-- " + f.Path + " --\n" + f.Text)
			}
			if !f.Private && (strings.Contains(f.Text, "pass-of-") || strings.Contains(f.Text, "elasticsearch.password")) {
				t.Errorf("%s: %s isn't private and has a password", name, f.Path)
			}
		}
		if said := strings.Join(append(p.Command, p.Env...), " "); strings.Contains(said, "pass-of-") {
			t.Errorf("%s: a password is on the command line or in the environment", name)
		}
		golden.Check(t, filepath.Join("testdata", "secure-"+name+".golden"), got.String())
	}
}

func named(t *testing.T, name string) Component {
	t.Helper()
	for _, c := range All() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("there is no component %s", name)
	return Component{}
}

func TestJAASInProperties(t *testing.T) {
	got := kafkaClient(access.Login{User: "a", Password: access.Hide(`b"c\d`)})
	if want := `password="b\\"c\\\\d";`; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}
