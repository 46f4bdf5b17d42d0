package attach

import (
	"encoding/pem"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/server/access"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "class.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const class = `prefix: joe
components:
  mqtt:
    address: broker:8883
    user: lab
    password: ${HOPLAB_TEST_SECRET}
    tls: {ca: ca.pem}
  kafka: {address: "k1:9092,k2:9092", peer: inside:9093, sasl: SCRAM-SHA-512, user: lab, password: "a${HOPLAB_TEST_SECRET}b", tls: true}
  elasticsearch:
    address: cloud:443
    api_key: abc
  flink-jobmanager: {address: f:8081}
  kibana: {url: "https://kibana.example", user: lab, password: "${HOPLAB_TEST_SECRET}"}
  grafana:
    url: http://grafana.example:3000/
    token: glsa_${HOPLAB_TEST_SECRET}
`

// authority returns a certificate in PEM.
func authority(t *testing.T) []byte {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
}

func TestLoad(t *testing.T) {
	t.Setenv("HOPLAB_TEST_SECRET", "s3cr3t")
	path := write(t, class)
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "ca.pem"), authority(t), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	logins := f.Access()
	if m := logins["mosquitto"]; m.User != "lab" || m.Password.Reveal() != "s3cr3t" || !m.TLS.On || m.TLS.CA == "" || m.TLS.Insecure {
		t.Errorf("mqtt: %+v", m)
	}
	if k := logins["kafka"]; k.Password.Reveal() != "as3cr3tb" || k.SASL() != "SCRAM-SHA-512" || !k.TLS.On || k.TLS.CA != "" {
		t.Errorf("kafka: %+v", k)
	}
	if e := logins["elasticsearch"]; e.APIKey.Reveal() != "abc" || e.TLS.On {
		t.Errorf("elasticsearch: %+v", e)
	}
	if k := logins["kibana"]; k.User != "lab" || !k.TLS.On {
		t.Errorf("kibana: %+v", k)
	}
	if g := logins["grafana"]; g.APIKey.Reveal() != "glsa_s3cr3t" || g.TLS.On {
		t.Errorf("grafana: %+v", g)
	}
	if _, open := logins["flink-jobmanager"]; open {
		t.Error("an open component has a login")
	}
	for want, got := range map[string]string{
		"broker:8883": f.Addr("mosquitto", "mqtt"), "k1:9092,k2:9092": f.Addr("kafka", "client"), "inside:9093": f.Peer("kafka", "peer"),
		"cloud:443": f.Peer("elasticsearch", "http"), "": f.Addr("kafka", "controller"), "f:8081": f.Addr("flink-jobmanager", "rest"),
		"kibana.example:443": f.Addr("kibana", "http"), "grafana.example:3000": f.Addr("grafana", "http"),
	} {
		if got != want {
			t.Errorf("address %q, want %q", got, want)
		}
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", f, f, f.entries), "s3cr3t") {
		t.Error("a file prints its secrets")
	}
	if f.Prefix != "joe" || !f.Has("flink-taskmanager") {
		t.Errorf("%+v", f)
	}
	f.entries["superset"] = entry{addr: "s:8088"}
	if err := f.Require([]string{"superset"}); err == nil || !strings.Contains(err.Error(), "files is missing: name the folder that this machine, Flink and the SQL engine share") {
		t.Errorf("error = %v", err)
	}
	err = f.Require([]string{"kafka", "mochi", "connect"})
	if want := path + ":2: components lacks mochi, connect"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error = %v, want %s", err, want)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Setenv("HOPLAB_TEST_SECRET", "s3cr3t")
	for _, c := range []struct{ text, want string }{
		{"", ":1: this isn't YAML"},
		{"components:\n  kafka: {address: a:1}\n---\ncomponents:\n  mqtt: {address: b:1}\n", ":3: what follows --- is a second document"},
		{"components:\n  kafka: {address: a:1}\n---\n}\n", "is a second document"},
		{"- a\n", ":1: the file: must be a mapping of prefix, files, components"},
		{"prefix: joe\n", ":1: components: is missing"},
		{"prefix: Joe!\ncomponents: {}\n", ":1: prefix: only a-z, 0-9 and - are allowed"},
		{"components:\n  kafka:\n    address: a:1\n   user: s3cr3t\n", "did not find expected key"},
		{"components:\n  kafka: s3cr3t\n", ":2: kafka: must be a mapping"},
		{"components:\n  kafak: {address: a:1}\n", `:2: components: unknown key "kafak"; the keys are connect,`},
		{"components:\n  kafka:\n    address: a:1\n    pasword: s3cr3t\n", `:4: kafka: unknown key "pasword"`},
		{"components:\n  kafka:\n    address: a:1\n    api_key: s3cr3t\n", `:4: kafka: unknown key "api_key"`},
		{"components:\n  kafka:\n    address: a:1\n    address: a:2\n", ":4: address is given twice, first in line 3"},
		{"components:\n  kafka:\n    user: a\n", ":2: kafka: address is missing"},
		{"components:\n  kafka:\n    address: http://a:1\n", `:3: kafka: address is "http://a:1"; it must be HOST:PORT`},
		{"components:\n  kafka:\n    address: a:1,b\n", `:3: kafka: address is "b"`},
		{"components:\n  kafka:\n    address: a:1,\n", `:3: kafka: address is ""`},
		{"components:\n  kafka:\n    address: joe:s3cr3t@a:1\n", `:3: kafka: address is "***@a:1"; it must be HOST:PORT`},
		{"components:\n  kafka:\n    address: ${HOPLAB_TEST_SECRET}\n", `:3: kafka: address is "${HOPLAB_TEST_SECRET}"; it must`},
		{"components:\n  kafka:\n    address: a:1\n    user: [s3cr3t]\n", ":4: user: must be a text"},
		{"components:\n  kafka:\n    address: a:1\n    user: u\n    password:\n", ":5: password: must be a text"},
		{"components:\n  kafka:\n    address: a:1\n    password: s3cr3t\n", ":4: kafka: a password needs a user"},
		{"components:\n  kafka:\n    address: a:1\n    user: u\n    password: ${HOPLAB_TEST_UNSET}\n", ":5: password: the environment has no variable HOPLAB_TEST_UNSET"},
		{"components:\n  kafka:\n    address: a:1\n    sasl: GSSAPI\n    user: u\n", `:4: kafka: sasl is "GSSAPI"; it is one of PLAIN`},
		{"components:\n  kafka:\n    address: a:1\n    sasl: PLAIN\n", ":4: kafka: sasl needs a user"},
		{"components:\n  elasticsearch:\n    address: a:1\n    user: u\n    api_key: s3cr3t\n", ":5: elasticsearch: give a user or an api_key"},
		{"components:\n  grafana:\n    url: a:1\n", `:3: grafana: url is "a:1"; it must begin with http:// or https://`},
		{"components:\n  grafana:\n    url: https://a/grafana\n", `:3: grafana: url is "https://a/grafana"; it must be scheme, host and port alone`},
		{"components:\n  grafana:\n    url: https://joe:s3cr3t@a\n", `:3: grafana: url is "***@a"; it must be scheme`},
		{"components:\n  kibana:\n    url: https://a\n    address: a:1\n", ":3: kibana: give a url or an address, not both"},
		{"components:\n  kibana:\n    url: https://a\n    user: u\n    token: s3cr3t\n", ":5: kibana: give a user or a token, not both"},
		{"components:\n  kibana:\n    user: u\n", ":2: kibana: address is missing"},
		{"files: rows\ncomponents: {}\n", `:1: files is "rows"; it must be the absolute path of a folder that is there`},
		{"files: /no/such/folder\ncomponents: {}\n", `:1: files is "/no/such/folder"`},
		{"components:\n  superset:\n    url: https://a\n    token: s3cr3t\n", `:4: superset: unknown key "token"`},
		{"components:\n  kafka:\n    address: a:1\n    tls:\n", ":4: tls: must be true or false"},
		{"components:\n  kafka:\n    address: a:1\n    tls: s3cr3t\n", ":4: tls: must be true or false"},
		{"components:\n  kafka:\n    address: a:1\n    tls: {ca: none.pem}\n", ":4: ca: open "},
		{"components:\n  kafka:\n    address: a:1\n    tls: {ca: class.yaml}\n", "holds no certificate"},
		{"components:\n  kafka:\n    address: a:1\n    tls: {verify: false}\n", `:4: tls: unknown key "verify"`},
		{"components:\n  mqtt: {address: a:1}\n  mosquitto: {address: a:1}\n", "mqtt and mosquitto are the same component"},
	} {
		path := write(t, c.text)
		_, err := Load(path)
		if err == nil || !strings.HasPrefix(err.Error(), path+":") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q:\ngot  %v\nwant %s", c.text, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%q: the error has the secret in it: %v", c.text, err)
		}
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none.yaml")); err == nil || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("error = %v", err)
	}
}

// somewhere has addresses that say what was asked for.
type somewhere struct{}

func (somewhere) Addr(component, port string) string { return component + "-" + port + ":1" }
func (somewhere) Peer(component, port string) string {
	return "inside-" + component + "-" + port + ":2"
}

func TestWriteThenLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "class.yaml")
	logins := access.Set{"kafka": {User: "u", Password: access.Hide(`p:"$'\ #`)}}
	if err := Write(path, somewhere{}, []string{"kafka", "flink-taskmanager", "mosquitto", "spark", "superset"}, logins, filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
	f, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if k := f.Access()["kafka"]; k.Password.Reveal() != logins["kafka"].Password.Reveal() || k.SASL() != "PLAIN" {
		t.Errorf("kafka: %v with %q", k, k.Password.Reveal())
	}
	if err := f.Require([]string{"superset", "spark"}); err != nil || f.Files != filepath.Dir(path) {
		t.Errorf("files %q, %v", f.Files, err)
	}
	if f.Addr("kafka", "client") != "kafka-client:1" || f.Peer("kafka", "peer") != "inside-kafka-peer:2" || f.Has("flink-taskmanager") || !strings.HasPrefix(f.Prefix, "hoplab-") {
		t.Errorf("%+v", f)
	}
}

// TestBroker: a machine without mosquitto has the built-in one.
func TestBroker(t *testing.T) {
	for names, want := range map[string]string{"mosquitto": "mosquitto", "mochi": "mochi", "mosquitto mochi": "mosquitto", "kafka": "mosquitto"} {
		text := "components:\n"
		for _, name := range strings.Fields(names) {
			text += "  " + name + ": {address: \"a:1\"}\n"
		}
		file, err := Load(write(t, text))
		if err != nil {
			t.Fatal(err)
		}
		if got := file.Broker(); got != want {
			t.Errorf("with %s the broker is %s, want %s", names, got, want)
		}
	}
}
