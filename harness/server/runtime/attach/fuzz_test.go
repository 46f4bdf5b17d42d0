package attach

import (
	"net"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"hoplab.example/harness/server/access"
)

// marked is a secret that no text of a fuzzer has in it by chance.
const marked = "s3cr3t-0f-the-envir0nment"

var placed = regexp.MustCompile(`^class\.yaml:([0-9]+): .`)

// FuzzParse: a file that is taken has addresses that can be dialled; an error has
// a line of the file, and has no password in it.
func FuzzParse(f *testing.F) {
	f.Add(class)
	f.Add("components:\n  mqtt: &a {address: 'a:1', user: u, password: \"${HOPLAB_TEST_SECRET}\"}\n  kafka: *a\n")
	f.Add("components:\n  elasticsearch: {address: '${HOPLAB_TEST_SECRET}', api_key: x}\n")
	f.Add("components:\n  mqtt: {address: 'joe:${HOPLAB_TEST_SECRET}@a:1'}\n")
	f.Add("prefix: ${HOPLAB_TEST_SECRET}\ncomponents: {kafka: {address: a:1, sasl: '${HOPLAB_TEST_SECRET}', user: u}}")
	f.Add("--- null\n---\n")
	f.Setenv("HOPLAB_TEST_SECRET", marked)
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "ca") {
			return // no path of a fuzzer's is read
		}
		file, err := parse("class.yaml", []byte(text))
		if err != nil {
			checkError(t, text, err.Error())
			return
		}
		if file == nil || !prefixHas.MatchString(file.Prefix) {
			t.Fatalf("%q gives %+v", text, file)
		}
		for name, e := range file.entries {
			checkEntry(t, text, name, e)
		}
		checkWritten(t, file)
	})
}

func checkError(t *testing.T, text, said string) {
	t.Helper()
	m := placed.FindStringSubmatch(said)
	last := 1 + strings.Count(text, "\n")
	if m == nil {
		t.Errorf("%q: an error without a place: %s", text, said)
	} else if line, err := strconv.Atoi(m[1]); err != nil || line < 1 || line > last {
		t.Errorf("%q: the error is beyond line %d: %s", text, last, said)
	}
	if strings.Contains(said, marked) {
		t.Errorf("%q: the error has a secret in it: %s", text, said)
	}
}

func checkEntry(t *testing.T, text, name string, e entry) {
	t.Helper()
	for _, addr := range strings.Split(e.addr, ",") {
		if host, port, err := net.SplitHostPort(addr); err != nil || host == "" || port == "" || strings.ContainsAny(addr, "/@ \n") {
			t.Errorf("%q: %s has the address %q", text, name, addr)
		}
	}
	if !e.login.Password.Empty() && e.login.User == "" || !e.login.APIKey.Empty() && e.login.User != "" {
		t.Errorf("%q: %s has half a login", text, name)
	}
}

// checkWritten writes the file as `lab up --write` would, and reads it again.
func checkWritten(t *testing.T, file *File) {
	t.Helper()
	logins, names := access.Set{}, []string{}
	for name, e := range file.entries {
		names = append(names, name)
		logins[name] = access.Login{User: e.login.User, Password: e.login.Password, Mechanism: e.login.Mechanism}
		if strings.Contains(e.addr+e.peer+e.login.User+e.login.Password.Reveal(), "${") {
			return // it would be taken for a variable
		}
	}
	path := filepath.Join(t.TempDir(), "again.yaml")
	if err := Write(path, file, names, logins, ""); err != nil {
		t.Fatal(err)
	}
	again, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, e := range file.entries {
		if now := again.entries[name]; now.addr != e.addr || now.login.User != e.login.User || now.login.Password.Reveal() != e.login.Password.Reveal() {
			t.Errorf("%s was %+v and is %+v", name, e, now)
		}
	}
}
