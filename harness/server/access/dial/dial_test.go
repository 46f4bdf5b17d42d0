package dial

import (
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/server/access"
)

func echo(t *testing.T, start func(http.Handler) *httptest.Server) *httptest.Server {
	t.Helper()
	server := start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Got", r.Header.Get("Authorization"))
	}))
	t.Cleanup(server.Close)
	return server
}

func get(login access.Login, url string) (string, error) {
	res, err := Client(login).Get(url)
	if err != nil {
		return "", err
	}
	res.Body.Close()
	return res.Header.Get("Got"), nil
}

func TestHTTPLogsIn(t *testing.T) {
	server := echo(t, httptest.NewServer)
	for want, login := range map[string]access.Login{
		"":                       {},
		"Basic YW5uOnMzY3JldA==": {User: "ann", Password: access.Hide("s3cret")},
		"ApiKey a2V5":            {APIKey: access.Hide("a2V5")},
	} {
		if got, err := get(login, URL(login, strings.TrimPrefix(server.URL, "http://"))); err != nil || got != want {
			t.Errorf("%v: sent %q, %v; want %q", login, got, err, want)
		}
	}
}

func TestHTTPChecksCertificates(t *testing.T) {
	server := echo(t, httptest.NewTLSServer)
	ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	addr := strings.TrimPrefix(server.URL, "https://")
	for _, c := range []struct {
		tls  access.TLS
		good bool
	}{
		{access.TLS{On: true}, false},
		{access.TLS{On: true, CA: "none"}, false},
		{access.TLS{On: true, CA: ca}, true},
		{access.TLS{On: true, Insecure: true}, true},
	} {
		login := access.Login{TLS: c.tls}
		_, err := get(login, URL(login, addr))
		if (err == nil) != c.good || err != nil && !Refused(err) {
			t.Errorf("CA of %d bytes, insecure %v: %v", len(c.tls.CA), c.tls.Insecure, err)
		}
	}
}

func TestExplain(t *testing.T) {
	login := access.Login{User: "ann", Password: access.Hide("s3cr3t")}
	err := Explain("kafka", "k:1", login, fmt.Errorf("ask: %w", kafka.SASLAuthenticationFailed))
	var refused *RefusedError
	if !errors.As(err, &refused) || !strings.HasPrefix(err.Error(), "kafka at k:1 refuses user ann: ask: ") || strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("error = %v", err)
	}
	if again := Explain("elasticsearch", "e:1", login, err); again != err {
		t.Errorf("a refusal was explained twice: %v", again)
	}
	other := errors.New("connection reset")
	if Explain("kafka", "k:1", login, other) != other || Explain("kafka", "k:1", login, nil) != nil {
		t.Error("what isn't a refusal was changed")
	}
}

func TestKafkaMechanisms(t *testing.T) {
	if Kafka(access.Login{}).SASL != nil || KafkaDialer(access.Login{}).SASLMechanism != nil {
		t.Error("without a user there is a mechanism")
	}
	for _, name := range access.Mechanisms {
		m := Kafka(access.Login{User: "ann", Mechanism: name, Password: access.Hide("s3cr3t")}).SASL
		_, first, err := m.Start(t.Context())
		if err != nil || m.Name() != name || !strings.Contains(string(first), "ann") {
			t.Errorf("%s: %q, %v", name, first, err)
		}
		if strings.Contains(fmt.Sprintf("%v %+v", m, m), "s3cr3t") {
			t.Errorf("%s prints its password", name)
		}
	}
	if _, _, err := (mechanism{access.Login{User: "ann", Mechanism: "GSSAPI"}}).Start(t.Context()); err == nil {
		t.Error("a mechanism that isn't there starts")
	}
}
