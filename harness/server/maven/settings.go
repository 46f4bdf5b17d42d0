package maven

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
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
	Local          string // a folder laid out as a repository, which is looked at first
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
}

type mirror struct {
	ID       string `xml:"id"`
	URL      string `xml:"url"`
	MirrorOf string `xml:"mirrorOf"`
}

// userRepository reads the user's settings: mirrors of central with their login, and the
// local repository. Proxies are those of the environment.
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
	i := slices.IndexFunc(s.Mirrors, mirror.ofCentral)
	if i < 0 {
		return found, nil
	}
	found.URL = strings.TrimSuffix(strings.TrimSpace(s.Mirrors[i].URL), "/")
	for _, server := range s.Servers {
		if server.ID != s.Mirrors[i].ID {
			continue
		}
		if strings.HasPrefix(server.Password, "{") {
			return found, fmt.Errorf("the password of the server %q in %s is encrypted, which only mvn can read: install Maven and Java, or take the jars over from a machine that has them: 'lab fetch --into FILE' there, 'lab fetch --from FILE' here", server.ID, path)
		}
		found.User, found.Password = server.Username, server.Password
	}
	return found, nil
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
