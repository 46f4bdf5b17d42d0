package maven

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// central is Maven's own repository, where the user's settings name no other. Source:
// Maven's super POM, repository central.
const central = "https://repo.maven.apache.org/maven2"

// repository is where jars come from.
type repository struct {
	URL            string
	User, Password string
	Proxy          *url.URL // nil for those of the environment
	Local          string   // a folder laid out as a repository, which is looked at first
}

// settings is what hoplab reads of Maven's settings.xml. Source: Maven's "Settings
// Reference".
type settings struct {
	LocalRepository string   `xml:"localRepository"`
	Mirrors         []mirror `xml:"mirrors>mirror"`
	Servers         []struct {
		ID       string `xml:"id"`
		Username string `xml:"username"`
		Password string `xml:"password"`
	} `xml:"servers>server"`
	Proxies []proxy `xml:"proxies>proxy"`
}

// proxy: one is active unless it says otherwise, and serves all protocols.
type proxy struct {
	Active        string `xml:"active"`
	Host          string `xml:"host"`
	Port          string `xml:"port"`
	Username      string `xml:"username"`
	Password      string `xml:"password"`
	NonProxyHosts string `xml:"nonProxyHosts"`
}

type mirror struct {
	ID       string `xml:"id"`
	URL      string `xml:"url"`
	MirrorOf string `xml:"mirrorOf"`
}

// userRepository reads the user's settings: mirrors of central with their login, the
// proxy, and the local repository.
func userRepository(home string) (repository, error) {
	found := repository{URL: central, Local: filepath.Join(home, ".m2", "repository")}
	path := filepath.Join(home, ".m2", "settings.xml")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return found, nil
	}
	if err != nil {
		return found, err
	}
	var s settings
	if err := xml.Unmarshal(expand(text, home), &s); err != nil {
		return found, fmt.Errorf("read %s: %w", path, err)
	}
	if s.LocalRepository != "" {
		found.Local = strings.TrimSpace(s.LocalRepository)
	}
	if i := slices.IndexFunc(s.Mirrors, mirror.ofCentral); i >= 0 {
		found.URL = strings.TrimSuffix(strings.TrimSpace(s.Mirrors[i].URL), "/")
		for _, server := range s.Servers {
			if server.ID != s.Mirrors[i].ID {
				continue
			}
			if encrypted(server.Password) {
				return found, encryptedError("server "+server.ID, path)
			}
			found.User, found.Password = server.Username, server.Password
		}
	}
	return found, found.through(s.Proxies, path)
}

// through takes the first active proxy, unless it isn't for the repository's host.
// Source: Maven's "Settings Reference", proxies; nonProxyHosts has * in names, and |
// between them.
func (r *repository) through(proxies []proxy, path string) error {
	i := slices.IndexFunc(proxies, func(p proxy) bool { return p.Active == "" || p.Active == "true" })
	if i < 0 {
		return nil
	}
	p := proxies[i]
	at, err := url.Parse(r.URL)
	if err != nil {
		return fmt.Errorf("%s: the mirror's address: %w", path, err)
	}
	for _, pattern := range strings.Split(p.NonProxyHosts, "|") {
		if none, err := filepath.Match(strings.TrimSpace(pattern), at.Hostname()); err == nil && none {
			r.Proxy = &url.URL{} // none, whatever the environment says
			return nil
		}
	}
	if encrypted(p.Password) {
		return encryptedError("proxy "+p.Host, path)
	}
	r.Proxy = &url.URL{Scheme: "http", Host: net.JoinHostPort(p.Host, cmp.Or(p.Port, "8080"))}
	if p.Username != "" {
		r.Proxy.User = url.UserPassword(p.Username, p.Password)
	}
	return nil
}

func encrypted(password string) bool { return strings.HasPrefix(password, "{") }

func encryptedError(of, path string) error {
	return fmt.Errorf("the password of the %s in %s is encrypted, which only mvn can read: install Maven and Java, or take the jars over from a machine that has them: 'lab fetch --into FILE' there, 'lab fetch --from FILE' here", of, path)
}

// client goes through the proxy of the settings, or else of the environment.
func (r repository) client() *http.Client {
	if r.Proxy == nil {
		return http.DefaultClient
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = func(*http.Request) (*url.URL, error) {
		if r.Proxy.Host == "" {
			return nil, nil
		}
		return r.Proxy, nil
	}
	return &http.Client{Transport: transport}
}

// ofCentral reports whether a mirror stands in for central.
func (m mirror) ofCentral() bool {
	var yes bool
	for _, of := range strings.Split(m.MirrorOf, ",") {
		switch strings.TrimSpace(of) {
		case "!central":
			return false
		case "*", "central", "external:*":
			yes = true
		}
	}
	return yes
}

var variable = regexp.MustCompile(`\$\{(env\.\w+|user\.home)\}`)

func expand(text []byte, home string) []byte {
	return variable.ReplaceAllFunc(text, func(found []byte) []byte {
		if name, ok := strings.CutPrefix(strings.Trim(string(found), "${}"), "env."); ok {
			return []byte(os.Getenv(name))
		}
		return []byte(home)
	})
}

func (r repository) request(req *http.Request) *http.Request {
	if r.User != "" {
		req.SetBasicAuth(r.User, r.Password)
	}
	return req
}
