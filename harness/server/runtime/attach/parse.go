package attach

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"hoplab.example/harness/server/access"
)

// parser reads the nodes of a file instead of decoding them into a struct, so
// that each error has a line, and none quotes a value, which may be a secret.
type parser struct {
	path string
	last int // the file's last line
}

// fail gives a line within the file: for an error at its end the YAML reader gives
// the line after the last one.
func (p parser) fail(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", p.path, min(max(line, 1), p.last), fmt.Sprintf(format, args...))
}

var (
	yamlLine  = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)
	prefixHas = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
)

func parse(path string, text []byte) (*File, error) {
	p := parser{path, 1 + bytes.Count(text, []byte("\n"))}
	if !utf8.Valid(text) { // YAML may be UTF-16 too, whose lines no editor counts alike
		return nil, p.fail(1, "this isn't UTF-8; save the file as UTF-8")
	}
	var top, more yaml.Node
	documents := yaml.NewDecoder(bytes.NewReader(text))
	if err := documents.Decode(&top); err != nil {
		found := yamlLine.FindStringSubmatch(err.Error())
		if found == nil || found[1] == "" {
			return nil, p.fail(1, "this isn't YAML with components: in it")
		}
		line, _ := strconv.Atoi(found[1]) // digits only: it parses
		return nil, p.fail(line, "%s", yamlLine.ReplaceAllString(err.Error(), ""))
	}
	if err := documents.Decode(&more); err != io.EOF {
		return nil, p.fail(max(more.Line, top.Line), "what follows --- is a second document, which nothing reads: put all components into the first")
	}
	file := &File{Path: path, Prefix: defaultPrefix(), entries: map[string]entry{}}
	fields, err := p.mapping(top.Content[0], "the file", "prefix", "files", "components")
	if err != nil {
		return nil, err
	}
	if err := p.prefix(fields["prefix"], file); err != nil {
		return nil, err
	}
	if err := p.files(fields["files"], file); err != nil {
		return nil, err
	}
	list, ok := fields["components"]
	if !ok {
		return nil, p.fail(1, "components: is missing")
	}
	file.line = list.key.Line
	return file, p.components(list.value, file)
}

func (p parser) prefix(f field, file *File) error {
	if f.value == nil {
		return nil
	}
	prefix, err := p.text(f)
	if err == nil && !prefixHas.MatchString(prefix) {
		err = p.fail(f.key.Line, "prefix: only a-z, 0-9 and - are allowed")
	}
	file.Prefix = prefix
	return err
}

func (p parser) files(f field, file *File) (err error) {
	if f.value == nil {
		return nil
	}
	if file.Files, err = p.text(f); err != nil {
		return err
	}
	if info, err := os.Stat(file.Files); !filepath.IsAbs(file.Files) || err != nil || !info.IsDir() {
		return p.fail(f.key.Line, "files is %q; it must be the absolute path of a folder that is there", f.shown(file.Files))
	}
	return nil
}

func (p parser) components(list *yaml.Node, file *File) error {
	fields, err := p.mapping(list, "components", known()...)
	if err != nil {
		return err
	}
	for name, f := range fields {
		if real, ok := aliases[name]; ok {
			if _, twice := fields[real]; twice {
				return p.fail(f.key.Line, "%s and %s are the same component", name, real)
			}
			name = real
		}
		if file.entries[name], err = p.entry(name, f); err != nil {
			return err
		}
	}
	return nil
}

// settings lists those that a component can have.
func settings(name string) []string {
	list := []string{"address", "peer", "user", "password", "tls"}
	switch name {
	case "kafka":
		list = append(list, "sasl")
	case "elasticsearch":
		list = append(list, "api_key")
	case "kibana", "grafana":
		list = append(list, "url", "token")
	case "superset":
		list = append(list, "url")
	}
	return list
}

func (p parser) entry(name string, f field) (entry, error) {
	e := entry{line: f.key.Line}
	fields, err := p.mapping(f.value, name, settings(name)...)
	if err != nil {
		return e, err
	}
	var password, key, link string
	for setting, into := range map[string]*string{
		"address": &e.addr, "peer": &e.peer, "user": &e.login.User, "password": &password, "sasl": &e.login.Mechanism, "api_key": &key,
		"token": &key, "url": &link,
	} {
		if at, ok := fields[setting]; ok {
			if *into, err = p.text(at); err != nil {
				return e, err
			}
		}
	}
	e.login.Password, e.login.APIKey = access.Hide(password), access.Hide(key)
	if e.login.TLS, err = p.tls(fields["tls"]); err != nil {
		return e, err
	}
	if at, ok := fields["url"]; ok {
		if err := p.url(name, link, at, &e); err != nil {
			return e, err
		}
	}
	return e, p.check(name, e, fields)
}

// url reads the address of a page that people open, in place of address and tls.
func (p parser) url(name, text string, at field, e *entry) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return p.fail(at.key.Line, "%s: url is %q; it must begin with http:// or https://", name, at.shown(text))
	case u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "":
		return p.fail(at.key.Line, "%s: url is %q; it must be scheme, host and port alone: give user and password by themselves, and a server without a path", name, at.shown(text))
	case e.addr != "":
		return p.fail(at.key.Line, "%s: give a url or an address, not both", name)
	}
	port := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	e.addr = net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), port))
	e.login.TLS.On = e.login.TLS.On || u.Scheme == "https"
	return nil
}

func (p parser) check(name string, e entry, fields map[string]field) error {
	line := func(setting string) int {
		if f, ok := fields[setting]; ok {
			return f.key.Line
		}
		return e.line
	}
	if e.addr == "" {
		return p.fail(e.line, "%s: address is missing", name)
	}
	for _, setting := range []string{"address", "peer"} {
		list := map[string]string{"address": e.addr, "peer": e.peer}[setting]
		for _, addr := range strings.Split(list, ",") {
			host, port, err := net.SplitHostPort(addr)
			if list != "" && (err != nil || host == "" || port == "" || strings.ContainsAny(addr, "/@ \t\r\n")) {
				return p.fail(line(setting), "%s: %s is %q; it must be HOST:PORT", name, setting, fields[setting].shown(addr))
			}
		}
	}
	switch m := e.login.Mechanism; {
	case m != "" && !slices.Contains(access.Mechanisms, m):
		return p.fail(line("sasl"), "kafka: sasl is %q; it is one of %s", fields["sasl"].shown(m), strings.Join(access.Mechanisms, ", "))
	case m != "" && e.login.User == "":
		return p.fail(line("sasl"), "kafka: sasl needs a user")
	case !e.login.Password.Empty() && e.login.User == "":
		return p.fail(line("password"), "%s: a password needs a user", name)
	case !e.login.APIKey.Empty() && e.login.User != "":
		return p.fail(max(line("api_key"), line("token")), "%s: give a user or %s, not both", name, map[bool]string{true: "a token", false: "an api_key"}[fields["token"].value != nil])
	}
	return nil
}

// tls takes true or false, or a mapping.
func (p parser) tls(f field) (access.TLS, error) {
	if f.value == nil {
		return access.TLS{}, nil
	}
	if f.value.Kind == yaml.ScalarNode {
		on, err := p.bool(f)
		return access.TLS{On: on}, err
	}
	fields, err := p.mapping(f.value, "tls", "ca", "insecure")
	if err != nil {
		return access.TLS{}, err
	}
	tls := access.TLS{On: true}
	if at, ok := fields["insecure"]; ok {
		if tls.Insecure, err = p.bool(at); err != nil {
			return tls, err
		}
	}
	if at, ok := fields["ca"]; ok {
		tls.CA, err = p.certificates(at)
	}
	return tls, err
}

// certificates reads a PEM file, whose path may be relative to this file's.
func (p parser) certificates(f field) (string, error) {
	path, err := p.text(f)
	if err != nil {
		return "", err
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(p.path), path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", p.fail(f.key.Line, "ca: %v", err)
	}
	if !holdsCertificate(text) {
		return "", p.fail(f.key.Line, "ca: %s holds no certificate in PEM", path)
	}
	return string(text), nil
}
