package maven

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/fixtures"
)

// TestFetchThroughProxy: the settings' proxy is asked, with its login, for a host that
// nobody else knows.
func TestFetchThroughProxy(t *testing.T) {
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String()+" "+r.Header.Get("Proxy-Authorization"))
		fmt.Fprint(w, "a jar")
	}))
	defer proxy.Close()
	at, _ := url.Parse(proxy.URL)
	home := t.TempDir()
	t.Setenv("HOME", home)
	settings := func(more string) {
		write(t, filepath.Join(home, ".m2", "settings.xml"), fmt.Sprintf(`<settings>
			<mirrors><mirror><id>m</id><mirrorOf>*</mirrorOf><url>http://repository.invalid/m2</url></mirror></mirrors>
			<proxies><proxy><active>false</active><host>127.0.0.1</host><port>1</port></proxy>
			<proxy><host>%s</host><port>%s</port><username>ann</username>%s</proxy></proxies></settings>`, at.Hostname(), at.Port(), more))
	}
	get := func() error {
		jar := fixtures.Jar{Sum: sumOf([]byte("a jar")), Path: "org/a/1/a-1.jar"}
		return fetch(t.Context(), t.TempDir(), []fixtures.Jar{jar}, 0, func(Progress) {})
	}
	settings("<password>pw</password><nonProxyHosts>localhost|*.example</nonProxyHosts>")
	if err := get(); err != nil || len(asked) != 1 || asked[0] != "http://repository.invalid/m2/org/a/1/a-1.jar Basic YW5uOnB3" {
		t.Errorf("%v; the proxy was asked %q", err, asked)
	}
	settings("<password>pw</password><nonProxyHosts>localhost|*.invalid</nonProxyHosts>")
	if err := get(); err == nil || len(asked) != 1 {
		t.Errorf("%v; the proxy was asked %q for a host that isn't for it", err, asked)
	}
	settings("<password>{abc}</password>")
	if err := get(); err == nil || !strings.Contains(err.Error(), "the password of the proxy 127.0.0.1") {
		t.Errorf("an encrypted password: %v", err)
	}
}
