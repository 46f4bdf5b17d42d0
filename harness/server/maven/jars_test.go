package maven

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hoplab.example/fixtures"
)

// TestLists: what is fetched without mvn is what mvn resolves, file for file.
func TestLists(t *testing.T) {
	lists := 0
	for _, name := range fixtures.Poms() {
		jars := fixtures.Jars(name)
		if len(jars) == 0 {
			continue
		}
		lists++
		slices.SortFunc(jars, func(a, b fixtures.Jar) int { return strings.Compare(path.Base(a.Path), path.Base(b.Path)) })
		all := sha256.New()
		for _, jar := range jars {
			fmt.Fprintf(all, "%s  %s/%s\n", jar.Sum, name, path.Base(jar.Path))
		}
		if got := hex.EncodeToString(all.Sum(nil)); got != fixtures.PomSum(name) {
			t.Errorf("the list of %s is of other jars than SHA256SUMS: %s", name, got)
		}
	}
	if lists == 0 {
		t.Error("no pom has a list")
	}
}

// TestFetch fetches from a mirror with a login, as the settings say, on a machine without
// mvn and Java.
func TestFetch(t *testing.T) {
	mirror := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch user, password, _ := r.BasicAuth(); {
		case user != "ann" || password != "pw":
			http.Error(w, "who?", http.StatusUnauthorized)
		case r.URL.Path == "/m2/org/a/1/a-1.jar":
			fmt.Fprint(w, "a jar")
		default:
			http.NotFound(w, r)
		}
	}))
	defer mirror.Close()
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("MIRROR", mirror.URL)
	write(t, filepath.Join(home, ".m2", "settings.xml"), `<settings><mirrors>
		<mirror><id>other</id><mirrorOf>*,!central</mirrorOf><url>http://127.0.0.1:1</url></mirror>
		<mirror><id>near</id><mirrorOf>central</mirrorOf><url>${env.MIRROR}/m2/</url></mirror></mirrors>
		<servers><server><id>near</id><username>ann</username><password>pw</password></server></servers></settings>`)
	write(t, filepath.Join(home, ".m2", "repository", "org", "b", "1", "b-1.jar"), "kept here")
	a := fixtures.Jar{Sum: sumOf([]byte("a jar")), Path: "org/a/1/a-1.jar"}
	b := fixtures.Jar{Sum: sumOf([]byte("kept here")), Path: "org/b/1/b-1.jar"}
	dir := t.TempDir()
	var last Progress
	if err := fetch(t.Context(), dir, []fixtures.Jar{a, b}, 10, func(p Progress) { last = p }); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "a-1.jar")); err != nil || string(text) != "a jar" || last.Done != 14 {
		t.Errorf("fetched %q, %v, %+v", text, err, last)
	}
	for want, jar := range map[string]fixtures.Jar{
		"404 Not Found":    {Sum: a.Sum, Path: "org/c/1/c-1.jar"},
		"its files differ": {Sum: b.Sum, Path: a.Path},
	} {
		if err := fetch(t.Context(), dir, []fixtures.Jar{jar}, 0, func(Progress) {}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", jar, err, want)
		}
	}
	write(t, filepath.Join(home, ".m2", "settings.xml"), `<settings><mirrors><mirror><id>m</id><mirrorOf>*</mirrorOf><url>x</url></mirror></mirrors>
		<servers><server><id>m</id><password>{abc}</password></server></servers></settings>`)
	if _, err := userRepository(home); err == nil || !strings.Contains(err.Error(), "encrypted") {
		t.Errorf("an encrypted password: %v", err)
	}
	write(t, filepath.Join(home, ".m2", "settings.xml"), "<settings>")
	if _, err := userRepository(home); err == nil || errors.Is(err, os.ErrNotExist) {
		t.Errorf("broken settings: %v", err)
	}
	if found, err := userRepository(dir); err != nil || found.URL != central {
		t.Errorf("without settings: %+v, %v", found, err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
