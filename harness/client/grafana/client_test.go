package grafana

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	shipped "hoplab.example/grafana"
	"hoplab.example/harness/client/grafana/provisioning"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
)

// from is when the dashboard's time begins.
var from = time.Date(2023, 11, 14, 23, 13, 0, 0, time.UTC)

func files(t *testing.T) *provisioning.Provisioned {
	t.Helper()
	p, err := provisioning.Read(shipped.Files(), provisioning.Options{Index: "rows_1", Range: panel.Range{From: from, To: from.Add(time.Hour)}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var target = Target{Suffix: "-1", URL: "http://elasticsearch:9200"}

func TestHealth(t *testing.T) {
	f := newFake(t)
	health, err := New(f.addr, access.Login{}).Health(t.Context())
	if err != nil || health != (Health{"12.3.1", "ok"}) {
		t.Errorf("health %+v, %v", health, err)
	}
	f.Database = "failing"
	_, err = New(f.addr, access.Login{}).Health(t.Context())
	wantError(t, err, `its database is "failing"`)
	_, err = New("127.0.0.1:1", access.Login{}).Health(t.Context())
	wantError(t, err, "ask for the health of Grafana at 127.0.0.1:1")
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
}

// TestInstall installs the shipped files twice, finds them and removes them.
func TestInstall(t *testing.T) {
	f := newFake(t)
	c := New(f.addr, access.Login{})
	var made Installed
	for range 2 {
		var err error
		if made, err = c.Install(t.Context(), files(t), target); err != nil {
			t.Fatal(err)
		}
	}
	if want := (Installed{target, []string{"datuak-1"}, []string{"hoplab-1"}}); !reflect.DeepEqual(made, want) {
		t.Errorf("installed %+v, want %+v", made, want)
	}
	s := f.Sources["datuak-1"]
	if s["url"] != target.URL || s["type"] != "elasticsearch" || !reflect.DeepEqual(s["jsonData"], map[string]any{"index": "rows_1", "timeField": "@timestamp"}) {
		t.Errorf("data source %v", s)
	}
	found, err := c.Search(t.Context(), "hoplab")
	if err != nil || !reflect.DeepEqual(found, []Found{{"hoplab-1", "hoplab-1", "/d/hoplab-1"}}) {
		t.Errorf("found %+v, %v", found, err)
	}
	model, err := c.Dashboard(t.Context(), "hoplab-1")
	if err != nil {
		t.Fatal(err)
	}
	if from := model["time"].(map[string]any)["from"]; from != "2023-11-14T23:13:00Z" {
		t.Errorf("it is shown from %v", from)
	}
	for _, p := range model["panels"].([]any) {
		p := p.(map[string]any)
		if p["type"] != "row" && p["datasource"].(map[string]any)["uid"] != "datuak-1" {
			t.Errorf("panel %v shows %v", p["title"], p["datasource"])
		}
	}
	for range 2 { // the second time, all is gone
		if err := c.Remove(t.Context(), made); err != nil {
			t.Error(err)
		}
	}
	if len(f.Sources)+len(f.Dashboards) > 0 {
		t.Errorf("left: %v, %v", f.Sources, f.Dashboards)
	}
	_, err = c.Dashboard(t.Context(), "hoplab-1")
	wantError(t, err, "404")
}

// TestForbidden: a right that is missing, and a data source that comes from a file.
func TestForbidden(t *testing.T) {
	for said, want := range map[string]string{
		"You'll need additional permissions":  "grafana at ",
		"Cannot update read-only data source": "only that file can change it",
	} {
		f := newFake(t)
		f.forbidden = said
		_, err := New(f.addr, access.Login{User: "ann"}).Install(t.Context(), files(t), target)
		wantError(t, err, want)
		wantError(t, err, said)
		if refused := errors.As(err, new(*dial.RefusedError)); refused != strings.HasPrefix(want, "grafana") {
			t.Errorf("%q is a refusal of the login: %v", said, refused)
		}
	}
}

// TestWrongPassword: Grafana 10.1 refuses it with 400, which other refusals have too.
func TestWrongPassword(t *testing.T) {
	for said, refused := range map[string]bool{"Invalid username or password": true, "bad request data": false} {
		f := newFake(t)
		f.forbidden, f.refusal = said, http.StatusBadRequest
		_, err := New(f.addr, access.Login{User: "ann"}).Search(t.Context(), "")
		if err == nil || errors.As(err, new(*dial.RefusedError)) != refused || !refused && !strings.Contains(err.Error(), said) {
			t.Errorf("%s: %v; a refusal of the login: %v", said, err, refused)
		}
	}
}

// TestChanged: what Grafana keeps is compared with what it was sent.
func TestChanged(t *testing.T) {
	f := newFake(t)
	f.Keep = func(d map[string]any) {
		d["panels"].([]any)[1].(map[string]any)["targets"].([]any)[0].(map[string]any)["query"] = "*"
	}
	_, err := New(f.addr, access.Login{}).Install(t.Context(), files(t), target)
	wantError(t, err, `read back dashboard "hoplab-1" from Grafana at `+f.addr+`: it has changed the queries of panel 2: it was sent [["A","sensor:accel`)
	f.Keep = func(d map[string]any) { delete(d, "panels") }
	_, err = New(f.addr, access.Login{}).Install(t.Context(), files(t), target)
	wantError(t, err, "and keeps nothing")
}

// TestUIDsAreShort: a long one is refused before anything is asked of Grafana.
func TestUIDsAreShort(t *testing.T) {
	_, err := New("127.0.0.1:1", access.Login{}).Install(t.Context(), files(t), Target{Suffix: strings.Repeat("x", 40)})
	wantError(t, err, "longer than the 40 letters")
}

func TestLogins(t *testing.T) {
	for authorization, login := range map[string]access.Login{
		"Basic YW5uOnMzY3IzdA==": {User: "ann", Password: access.Hide("s3cr3t")},
		"Bearer t0ken":           {APIKey: access.Hide("t0ken")},
	} {
		f := newFake(t)
		f.authorization = authorization
		f.answer = func(map[string]any) string { return `{"results": {"A": {"frames": []}}}` }
		c := New(f.addr, login)
		if _, err := c.Health(t.Context()); err != nil {
			t.Error(err)
		}
		if _, err := c.Draw(t.Context(), files(t), Installed{Target: target}, files(t).Panels[0]); err != nil {
			t.Error(err)
		}
		_, err := New(f.addr, access.Login{User: "eve", Password: access.Hide("gu3ss")}).Search(t.Context(), "")
		var refused *dial.RefusedError
		if !errors.As(err, &refused) || strings.Contains(err.Error(), "gu3ss") {
			t.Errorf("error %v, want a refusal of user eve, without the password", err)
		}
	}
}

// TestElasticLogins: Grafana is told how to get into Elasticsearch.
func TestElasticLogins(t *testing.T) {
	f := newFake(t)
	to := target
	to.Login = access.Login{User: "ann", Password: access.Hide("s3cr3t"), TLS: access.TLS{On: true, CA: "pem", Insecure: true}}
	if _, err := New(f.addr, access.Login{}).Install(t.Context(), files(t), to); err != nil {
		t.Fatal(err)
	}
	s := f.Sources["datuak-1"]
	secure, data := s["secureJsonData"].(map[string]any), s["jsonData"].(map[string]any)
	if s["basicAuth"] != true || s["basicAuthUser"] != "ann" || secure["basicAuthPassword"] != "s3cr3t" ||
		data["tlsAuthWithCACert"] != true || secure["tlsCACert"] != "pem" || data["tlsSkipVerify"] != true {
		t.Errorf("data source %v", s)
	}
	to.Login = access.Login{APIKey: access.Hide("k3y")}
	if _, err := New(f.addr, access.Login{}).Install(t.Context(), files(t), to); err != nil {
		t.Fatal(err)
	}
	s = f.Sources["datuak-1"]
	if s["jsonData"].(map[string]any)["httpHeaderName1"] != "Authorization" || s["secureJsonData"].(map[string]any)["httpHeaderValue1"] != "ApiKey k3y" {
		t.Errorf("data source %v", s)
	}
}

func TestContext(t *testing.T) {
	f := newFake(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := New(f.addr, access.Login{})
	if _, err := c.Health(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that it was cancelled", err)
	}
	if _, err := c.Draw(ctx, files(t), Installed{Target: target}, files(t).Panels[0]); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that it was cancelled", err)
	}
	if len(f.calls) > 0 {
		t.Errorf("calls %v", f.calls)
	}
}
