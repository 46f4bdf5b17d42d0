package pipeline

import (
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/server/access"
)

func secured(set access.Set) Pipeline {
	p := sample()
	p.Broker, p.Access = "mosquitto", set
	return p
}

var ann = access.Login{User: "ann", Password: access.Hide(`s3"cr'3t`)}

func TestTablesLogIn(t *testing.T) {
	scram := ann
	scram.Mechanism, scram.TLS = "SCRAM-SHA-256", access.TLS{On: true, CA: "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n"}
	cloud := ann
	cloud.TLS.On = true
	for _, c := range []struct {
		name  string
		login access.Login
		want  []string
	}{
		{"PLAIN", ann, []string{
			"'properties.security.protocol' = 'SASL_PLAINTEXT', 'properties.sasl.mechanism' = 'PLAIN', ",
			`'properties.sasl.jaas.config' = 'org.apache.flink.kafka.shaded.org.apache.kafka.common.security.plain.PlainLoginModule required username="ann" password="s3\"cr''3t";'`,
		}},
		{"SCRAM and TLS", scram, []string{
			"'SASL_SSL'", "security.scram.ScramLoginModule required", "'properties.sasl.mechanism' = 'SCRAM-SHA-256'",
			"'properties.ssl.truststore.certificates' = '-----BEGIN CERTIFICATE----- abc -----END CERTIFICATE-----'",
		}},
		{"TLS", access.Login{TLS: access.TLS{On: true}}, []string{"'properties.security.protocol' = 'SSL')"}},
	} {
		tables, err := secured(access.Set{"kafka": c.login}).Tables()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(tables[0].Text, want) {
				t.Errorf("%s: the table lacks %s\n%s", c.name, want, tables[0].Text)
			}
		}
		if open, _ := sample().Tables(); strings.Count(open[0].Text, "\n") != strings.Count(tables[0].Text, "\n") {
			t.Errorf("%s: the table's lines have changed\n%s", c.name, tables[0].Text)
		}
	}
	export, err := secured(access.Set{"elasticsearch": cloud}).Export()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"'username' = 'ann', 'password' = 's3\"cr''3t')", "'hosts' = 'https://peer.elasticsearch.http'"} {
		if !strings.Contains(export[0].Text, want) {
			t.Errorf("the table lacks %s\n%s", want, export[0].Text)
		}
	}
	if strings.Contains(export[1].Text, "password") {
		t.Errorf("the INSERT has a password: %s", export[1].Text)
	}
}

func TestWhatFlinkCannotDo(t *testing.T) {
	for want, set := range map[string]access.Set{
		"doesn't support API keys":   {"elasticsearch": {APIKey: access.Hide("k")}},
		"has no option for the CA":   {"elasticsearch": {TLS: access.TLS{On: true, CA: "pem"}}},
		"Flink can't skip the check": {"kafka": {TLS: access.TLS{On: true, Insecure: true}}},
	} {
		if _, err := secured(set).Export(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want %q", err, want)
		}
	}
}

func TestConnectorLogsIn(t *testing.T) {
	login := access.Login{User: "ann", Password: access.Hide("a&b"), TLS: access.TLS{On: true}}
	p := secured(access.Set{"mosquitto": login})
	camel, err := p.ConnectorConfig("camel-mqtt.json")
	if err != nil {
		t.Fatal(err)
	}
	if at := camel["camel.source.url"]; !strings.Contains(at, "brokerUrl=ssl://peer") || !strings.HasSuffix(at, "&userName=RAW(ann)&password=RAW(a&b)") {
		t.Errorf("camel-mqtt.json: %s", at)
	}
	confluent, err := p.ConnectorConfig("confluent-mqtt.json")
	if err != nil || confluent["mqtt.username"] != "ann" || confluent["mqtt.password"] != "a&b" || !strings.HasPrefix(confluent["mqtt.server.uri"], "ssl://") {
		t.Errorf("confluent-mqtt.json: %v, %v", confluent, err)
	}
	if b := p.BridgeConfig(); !strings.HasPrefix(b.Broker, "ssl://") || b.Login.User != "ann" {
		t.Errorf("bridge: %+v", b)
	}
}

func TestPrefixed(t *testing.T) {
	n := NewNames("7").Prefixed("joe")
	want := Names{"joe-smart_7", "joe-smart_7", "joe-lana_7", "joe-datuak_7", "joe-datuak_7"}
	if n != want {
		t.Errorf("names = %+v", n)
	}
	if NewNames("7").Prefixed("") != NewNames("7") {
		t.Error("no prefix changes the names")
	}
}

// TestClientIDs: an MQTT client's name is the run's own.
func TestClientIDs(t *testing.T) {
	p := sample()
	if clients := p.ClientIDs(); len(clients) != 4 || slices.ContainsFunc(clients, func(id string) bool { return !strings.Contains(id, p.Names.Source) }) {
		t.Errorf("an MQTT client isn't named after the run: %v", clients)
	}
}
