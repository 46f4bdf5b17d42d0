// Package compose reads a student's compose file and Dockerfile, and finds what keeps the
// servers that they describe from coming up on another machine, or from coming up at all.
//
// The file is read by compose's own library. Nothing beside it is read: no include, no
// environment file, no .env; so what is found holds wherever the file is copied to.
package compose

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/interpolation"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
	"go.yaml.in/yaml/v3"

	"hoplab.example/harness/exercise/lab"
)

// File is a compose file that was read.
type File struct {
	Label   string // begins the places of what is found
	Project *types.Project
	text    []byte
}

// Finding is something that is wrong, and where.
type Finding struct {
	File   string
	Line   int // from 1
	Reason string
}

// Error returns file:line: reason.
func (f *Finding) Error() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Reason) }

// folder stands for the file's own, which nobody looks into.
const folder = "/compose"

// mostNodes is how many values a file may have once its aliases are resolved.
const mostNodes = 20_000

// The library's logger writes its warnings to standard error, into what a command
// prints; each that matters here is a finding.
func init() { logrus.SetOutput(io.Discard) }

// Read reads a compose file. What is wrong is one or more *[Finding].
func Read(ctx context.Context, label string, text []byte) (*File, error) {
	f := &File{Label: label, text: text}
	if err := f.plain(); err != nil {
		return nil, err
	}
	unset := map[string]bool{}
	if err := f.load(ctx, unset); err != nil {
		return nil, f.unread(err)
	}
	for name := range unset {
		if !regexp.MustCompile(`\$\{` + name + `:?[-?+]`).Match(text) {
			return nil, f.near("$"+name, "$%s has no value on another machine: write the value, or ${%s:-a value}, or $$%s for a $ that the container gets", name, name, name)
		}
	}
	return f, nil
}

// load has the library read the file. unset gets the names of variables. Where the library
// panics, as its version 2.16 does for some uses of its tag !reset, the file is at fault.
func (f *File) load(ctx context.Context, unset map[string]bool) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("compose's library can't read this: %v", fault)
		}
	}()
	f.Project, err = loader.LoadWithContext(ctx, types.ConfigDetails{
		WorkingDir: folder, Environment: types.Mapping{}, ConfigFiles: []types.ConfigFile{{Filename: f.Label, Content: f.text}},
	}, func(o *loader.Options) {
		o.SkipInclude, o.SkipExtends, o.SkipResolveEnvironment, o.SkipResolveLabels = true, true, true, true
		o.MaxNodeVisits = mostNodes
		o.SetProjectName("hoplab", false)
		o.Interpolate = &interpolation.Options{
			TypeCastMapping: o.Interpolate.TypeCastMapping, Substitute: template.Substitute,
			LookupValue: func(name string) (string, bool) { unset[name] = true; return "", false },
		}
	})
	return err
}

// elsewhere are keys that name files beside the compose file.
var elsewhere = []string{"include", "extends", "env_file", "label_file"}

// plain refuses what isn't one document of YAML, and what would read other files.
func (f *File) plain() error {
	decoder := yaml.NewDecoder(strings.NewReader(string(f.text)))
	var document, more yaml.Node
	if err := decoder.Decode(&document); err != nil && err != io.EOF {
		return f.unread(err)
	}
	if err := decoder.Decode(&more); err == nil {
		return &Finding{f.Label, more.Line, "a second document begins here; a compose file is one"}
	}
	return f.keys(&document)
}

// keys looks for those that name other files, without following aliases.
func (f *File) keys(n *yaml.Node) error {
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && slices.Contains(elsewhere, child.Value) {
			return &Finding{f.Label, child.Line, child.Value + " names another file, which isn't on every machine: write here what it has"}
		}
		if err := f.keys(child); err != nil {
			return err
		}
	}
	return nil
}

var (
	yamlLine  = regexp.MustCompile(`line (\d+)(?:, column \d+)?: `)
	ofService = regexp.MustCompile(`^service "([\w.-]+)"`)
	pathInErr = regexp.MustCompile(`\b(?:services|volumes|networks|configs|secrets)(?:\.[\w-]+)*`)
)

// unread makes a finding of what a YAML reader or compose's library says.
func (f *File) unread(err error) error {
	said := strings.ReplaceAll(strings.TrimPrefix(err.Error(), "validating "+f.Label+": "), folder+"/", "")
	found := &Finding{f.Label, 1, strings.TrimPrefix(said, "yaml: ")}
	if m := yamlLine.FindStringSubmatchIndex(said); m != nil {
		fmt.Sscan(said[m[2]:m[3]], &found.Line)
		found.Reason = said[m[1]:]
	} else if m := ofService.FindStringSubmatch(said); m != nil {
		found.Line = f.line("services", m[1])
	} else if at := pathInErr.FindString(said); at != "" {
		found.Line = f.line(strings.Split(at, ".")...)
		found.Reason = strings.Replace(found.Reason, at+" false schema", "compose knows no "+at, 1)
	}
	return found
}

// line returns the line of a value, by its keys.
func (f *File) line(keys ...string) int {
	place := make([]any, len(keys))
	for i, k := range keys {
		place[i] = k
	}
	return lab.Line(f.text, place...)
}

// at makes a finding about a key of a service.
func (f *File) at(service, key, format string, args ...any) *Finding {
	return &Finding{f.Label, f.line("services", service, key), service + ": " + fmt.Sprintf(format, args...)}
}

// near makes a finding about the first line that has a text, the service's own if it is
// written in another way.
func (f *File) near(text, format string, args ...any) *Finding {
	found := &Finding{f.Label, 1, fmt.Sprintf(format, args...)}
	if before, _, ok := strings.Cut(string(f.text), strings.TrimPrefix(text, "$")); ok {
		found.Line = 1 + strings.Count(before, "\n")
	}
	return found
}

// Services returns the names of the services, in order.
func (f *File) Services() []string {
	names := f.Project.ServiceNames()
	slices.Sort(names)
	return names
}
