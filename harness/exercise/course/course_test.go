package course

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/notebook"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/verify/hop"
)

func parse(t *testing.T, text string) *notebook.Page {
	t.Helper()
	page, err := notebook.Parse("page.md", []byte(strings.ReplaceAll(text, "'''", "```")))
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// sites has each component's address, whatever the port.
type sites map[string]string

func (s sites) Addr(component, _ string) string { return s[component] }
func (s sites) Peer(component, _ string) string {
	if s[component] == "" {
		return ""
	}
	return component + ".inside:1"
}

func TestComponents(t *testing.T) {
	l := lab.Lab{Components: []string{"mosquitto", "kafka"}}
	for _, c := range []struct {
		page string
		want []string
	}{
		{"no cells", []string{"mosquitto", "kafka"}},
		{"'''sql\nSELECT 1;\n'''", []string{"mosquitto", "kafka", "flink-jobmanager", "flink-taskmanager", "flink-gateway"}},
		{"'''http\nGET http://${connect}/connectors\n'''", []string{"mosquitto", "kafka", "connect"}},
		{"'''sql\n-- http://${elasticsearch}\n'''\n\n'''http\nGET http://${elasticsearch}/_count\n'''",
			[]string{"mosquitto", "kafka", "flink-jobmanager", "flink-taskmanager", "flink-gateway", "elasticsearch"}},
	} {
		if got := Components(l, parse(t, c.page)); !slices.Equal(got, c.want) {
			t.Errorf("%q needs %v, want %v", c.page, got, c.want)
		}
	}
}

// mqttLab begins with nothing, so that a page runs without servers.
var mqttLab = lab.Lab{ID: "09-test", Hop: hop.MQTT, Rows: 1}

func runner(at sites) Runner {
	return Runner{Pipeline: pipeline.Pipeline{Sites: at, Names: pipeline.NewNames("t"), Broker: "mochi"}, Patience: time.Second}
}

// elastic answers like an Elasticsearch whose count grows with each request.
func elastic(t *testing.T) (sites, *[]string) {
	t.Helper()
	var asked []string
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path)
		switch {
		case r.URL.Path == "/datuak_t-*/_alias":
			fmt.Fprint(w, `{"datuak_t":{},"datuak_t-more":{},"datuak_tt":{},"other":{}}`)
		case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/_count"):
			n++
			fmt.Fprintf(w, `{"count":%d}`, n)
		default:
			fmt.Fprint(w, `{}`)
		}
	}))
	t.Cleanup(server.Close)
	return sites{"elasticsearch": strings.TrimPrefix(server.URL, "http://")}, &asked
}

const countPage = "'''http\nGET http://${elasticsearch}/${index}/_count\n'''\n\n'''json output\n200 OK\n{\n  \"count\": %d\n}\n'''\n"

func TestACellThatReadsIsAskedAgain(t *testing.T) {
	at, asked := elastic(t)
	report, err := runner(at).Run(t.Context(), mqttLab, parse(t, fmt.Sprintf(countPage, 3)), notebook.Options{})
	if err != nil || report.Outcome != hop.Passed {
		t.Errorf("%v\n%s", err, report.Print())
	}
	for _, want := range []string{"DELETE /datuak_t", "DELETE /datuak_t-more"} {
		if !slices.Contains(*asked, want) {
			t.Errorf("after the page there is no %s: %v", want, *asked)
		}
	}
	for _, wrong := range []string{"DELETE /datuak_tt", "DELETE /other"} {
		if slices.Contains(*asked, wrong) {
			t.Errorf("%s: that isn't the page's", wrong)
		}
	}
}

func TestAWrongOutputFails(t *testing.T) {
	at, _ := elastic(t)
	report, err := runner(at).Run(t.Context(), mqttLab, parse(t, fmt.Sprintf(countPage, 0)), notebook.Options{})
	if err != nil || report.Outcome != hop.Failed || report.Results[0].Difference == nil {
		t.Errorf("%v\n%s", err, report.Print())
	}
}

func TestAPageAsksOnlyTheRunsServers(t *testing.T) {
	at, _ := elastic(t)
	page := parse(t, "'''http\nGET http://127.0.0.1:1/secret\n'''\n")
	report, err := runner(at).Run(t.Context(), mqttLab, page, notebook.Options{})
	if err != nil || report.Outcome != hop.Error || !strings.Contains(report.Results[0].Detail, "isn't one of the run's servers, which are ${elasticsearch}") {
		t.Errorf("%v\n%s", err, report.Print())
	}
}

func TestAServerThatIsNotThereHasNoParameter(t *testing.T) {
	at, _ := elastic(t)
	page := parse(t, "'''http\nGET http://${connect}/connectors\n'''\n")
	_, err := runner(at).Run(t.Context(), mqttLab, page, notebook.Options{})
	if err == nil || !strings.Contains(err.Error(), "page.md:2:12: the parameter ${connect} has no value") {
		t.Errorf("error = %v", err)
	}
}

func TestParams(t *testing.T) {
	p := &pageRun{Runner: runner(sites{"elasticsearch": "here:2", "kafka": "here:3", "mochi": "here:1"}), dir: t.TempDir(), page: parse(t, "'''sh\ntrue\n'''")}
	params, err := p.params()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"elasticsearch": "here:2", "kafka": "kafka.inside:1", "mqtt": "mochi.inside:1", "topic": "smart_t", "connector": "mqtt-source-smart_t", "connect": "",
	} {
		if params[name] != want {
			t.Errorf("${%s} is %q, want %q", name, params[name], want)
		}
	}
	text, err := os.ReadFile(params["addresses"])
	if err != nil || !strings.Contains(string(text), "address: here:1") {
		t.Errorf("addresses: %v\n%s", err, text)
	}
}

// TestConnectorsLogIn: the broker's password is in what Connect gets, and not in
// what the page shows.
func TestConnectorsLogIn(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, string(body))
		w.Write(body)
	}))
	defer server.Close()
	r := runner(sites{"connect": strings.TrimPrefix(server.URL, "http://"), "mochi": "here:1"})
	r.Access = access.Set{"mochi": {User: "ada", Password: access.Hide("hush")}}
	page := parse(t, "'''http\nPUT http://${connect}/connectors/${connector}/config\n\n{\"camel.source.url\": \"paho:a?b=c\"}\n'''\n\n"+
		"'''json output\n200 OK\n{\n  \"camel.source.url\": \"paho:a?b=c&userName=RAW(ada)&password=RAW(***)\"\n}\n'''\n\n"+
		"'''http\nPUT http://${connect}/connectors/${connector}/config\n\nno JSON\n'''\n")
	p := &pageRun{Runner: r, lab: mqttLab, page: page, dir: t.TempDir()}
	params, err := p.params()
	if err != nil {
		t.Fatal(err)
	}
	report, err := notebook.Run(t.Context(), page, p.executors(), notebook.Options{Params: params})
	if err != nil || report.Outcome != hop.Passed {
		t.Errorf("%v\n%s", err, report.Print())
	}
	if len(got) != 2 || !strings.Contains(got[0], "RAW(hush)") || !strings.HasPrefix(got[1], "no JSON") {
		t.Errorf("Connect got %q", got)
	}
}

// TestPagesSayHTTP: a server that requires https is asked by https.
func TestPagesSayHTTP(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, `{}`) }))
	defer server.Close()
	r := runner(sites{"elasticsearch": strings.TrimPrefix(server.URL, "https://")})
	r.Access = access.Set{"elasticsearch": {TLS: access.TLS{On: true, Insecure: true}}}
	report, err := r.Run(t.Context(), mqttLab, parse(t, "'''http\nGET http://${elasticsearch}/x\n'''\n"), notebook.Options{})
	if err != nil || report.Outcome != hop.Passed {
		t.Errorf("%v\n%s", err, report.Print())
	}
}

// TestUpto: of the cells before it, those that only read aren't run.
func TestUpto(t *testing.T) {
	page := parse(t, "'''sql id=make\nCREATE TABLE t (a INT);\nSELECT 1;\n'''\n\n'''sql id=look\nSELECT 2;\n'''\n\n"+
		"'''sh id=act\ntrue\n'''\n\n'''sql id=see\nSELECT 3;\n'''\n\n'''sh id=after\ntrue\n'''\n")
	for name, want := range map[string]string{"see": "make act see", "look": "make look", "after": "make act after"} {
		var got []string
		for _, c := range Upto(page, name).Cells {
			got = append(got, c.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("up to %s: %v, want %s", name, got, want)
		}
	}
	if Upto(page, "none") != nil || len(page.Cells) != 5 {
		t.Error("a cell that isn't there was found, or the page is another")
	}
}
