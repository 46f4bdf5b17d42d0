package access

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestSecretsAreHidden(t *testing.T) {
	const text = "s3cr3t"
	login := Login{User: "ann", Password: Hide(text), APIKey: Hide(text)}
	set := Set{"kafka": login}
	asJSON, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	printed := []string{string(asJSON), login.As()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X"} {
		for _, v := range []any{login, &login, set, login.Password, []any{login}, struct{ inner Login }{login}} {
			printed = append(printed, fmt.Sprintf(verb, v))
		}
	}
	for _, p := range printed {
		if strings.Contains(p, text) || strings.Contains(p, fmt.Sprintf("%x", text)) || strings.Contains(p, fmt.Sprintf("%X", text)) {
			t.Errorf("the secret is in %s", p)
		}
	}
	if !strings.Contains(string(asJSON), hidden) || !strings.Contains(string(asJSON), "ann") {
		t.Errorf("JSON = %s", asJSON)
	}
	if login.Password.Reveal() != text || len(login.Secrets()) != 2 {
		t.Error("a secret can't be had at all")
	}
}

func TestSASL(t *testing.T) {
	for want, login := range map[string]Login{
		"": {}, "PLAIN": {User: "ann"}, "SCRAM-SHA-512": {User: "ann", Mechanism: "SCRAM-SHA-512"},
	} {
		if got := login.SASL(); got != want {
			t.Errorf("SASL of %v = %q, want %q", login, got, want)
		}
	}
}

func TestTLSIsVerified(t *testing.T) {
	if (TLS{}).Config() != nil {
		t.Error("without TLS there is a configuration")
	}
	if c := (TLS{On: true}).Config(); c.InsecureSkipVerify || c.RootCAs != nil {
		t.Error("by default, the system's certificates decide")
	}
	if c := (TLS{On: true, CA: "no certificate"}).Config(); c.RootCAs == nil {
		t.Error("a CA without certificates falls back to the system's")
	}
}
