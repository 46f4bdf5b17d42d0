package savedobject

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"hoplab.example/harness/util/strictjson"
)

const (
	dashboardType     = "dashboard"
	visualizationType = "visualization"
	lensType          = "lens"
	viewType          = "index-pattern" // a data view, by its name until 8.0
	tagType           = "tag"           // a label of objects, not drawn
)

// object is one line of an export.
type object struct {
	ID, Type   string
	Attributes json.RawMessage
	References []reference
	// MigrationVersion is the version of the last migration, by type;
	// CoreMigrationVersion is that of the Kibana that wrote the object.
	MigrationVersion     map[string]string
	CoreMigrationVersion string
	TypeMigrationVersion string // since 8.8, instead of MigrationVersion

	title string
	at    string // file:line
}

type reference struct{ ID, Name, Type string }

// errorf names the object.
func (o *object) errorf(format string, args ...any) error {
	return fmt.Errorf("%s: %s %q (%s): %w", o.at, o.Type, o.title, o.ID, fmt.Errorf(format, args...))
}

// resolve returns the id of the object's reference with one of these names.
func (o *object) resolve(kind string, names ...string) (string, error) {
	for _, r := range o.References {
		if slices.Contains(names, r.Name) && r.Type == kind {
			return r.ID, nil
		}
	}
	return "", o.errorf("it has no reference %q to a %s", names[0], kind)
}

// export has a file's objects in their order.
type export struct {
	Reader
	file    string
	objects []*object
	byKey   map[string]*object
}

func (e *export) find(kind, id string) *object { return e.byKey[kind+"\x00"+id] }

// byteOrderMark is what Windows' editors put first into a file of UTF-8.
var byteOrderMark = []byte("\ufeff")

func (r Reader) parse(file string, text []byte) (*export, error) {
	e := &export{Reader: r, file: file, byKey: map[string]*object{}}
	var errs []error
	number := 0
	for line := range bytes.Lines(bytes.TrimPrefix(text, byteOrderMark)) {
		number++
		if len(bytes.TrimSpace(line)) > 0 {
			errs = append(errs, e.add(fmt.Sprintf("%s:%d", file, number), line))
		}
	}
	if len(e.objects) == 0 && errors.Join(errs...) == nil {
		return nil, fmt.Errorf("%s: it has no saved object", file)
	}
	for _, o := range e.objects {
		errs = append(errs, e.references(o))
	}
	return e, errors.Join(errs...)
}

// add reads an object, or the summary at the end of an export.
func (e *export) add(at string, line []byte) error {
	o := object{at: at}
	if err := json.Unmarshal(line, &o); err != nil {
		return fmt.Errorf("%s: not a saved object: %w; Kibana exports one per line: %.60q", at, strictjson.Explain(err), bytes.TrimSpace(line))
	}
	if o.Type == "" && o.ID == "" && bytes.Contains(line, []byte(`"exportedCount"`)) {
		return nil
	}
	if o.Type == "" || o.ID == "" || len(o.Attributes) == 0 {
		return fmt.Errorf("%s: not a saved object: it lacks type, id or attributes: %.60q", at, bytes.TrimSpace(line))
	}
	var named struct{ Title, Name string }
	if err := json.Unmarshal(o.Attributes, &named); err != nil {
		return o.errorf("its attributes: %w", err)
	}
	o.title = named.Title + named.Name
	if twin := e.find(o.Type, o.ID); twin != nil {
		return o.errorf("%s has the same type and id, which Kibana refuses; remove one of them", twin.at)
	}
	e.objects = append(e.objects, &o)
	e.byKey[o.Type+"\x00"+o.ID] = &o
	return e.version(&o)
}

// modelVersions is the first version of a type's model that isn't a Kibana's: those of
// 8.8 and later. Source: src/core/packages/saved-objects/docs/model_versions.md of
// github.com/elastic/kibana.
const modelVersions = 10

// version refuses an object that a newer Kibana has migrated, as Kibana itself does.
// 7.17.6 takes one whose coreMigrationVersion alone is newer.
func (e *export) version(o *object) error {
	written := []string{o.TypeMigrationVersion}
	for _, kind := range slices.Sorted(maps.Keys(o.MigrationVersion)) {
		written = append(written, o.MigrationVersion[kind])
	}
	for _, version := range written {
		if version == "" {
			continue
		}
		major, _, _ := strings.Cut(version, ".")
		number, err := strconv.Atoi(major)
		if err != nil {
			return o.errorf("its version %q isn't one", version)
		}
		if number >= modelVersions {
			number, version = 8, "8.8 or later"
		}
		if e.Major != 0 && number > e.Major {
			return o.errorf("Kibana %s wrote it, and Kibana %d refuses objects of newer versions; export it from a %d", version, e.Major, e.Major)
		}
	}
	return nil
}

// references reports what Kibana's import refuses: data views and searches that are
// missing. Other objects count once a dashboard shows them. Sources: answers of 7.17.6, and
// validate_references.ts of its import, REF_TYPES_TO_VALIDATE.
func (e *export) references(o *object) error {
	var errs []error
	for _, r := range o.References {
		if (r.Type == viewType || r.Type == "search") && e.find(r.Type, r.ID) == nil {
			errs = append(errs, o.errorf("its reference %q is to the %s %q, which isn't in the file; export with related objects", r.Name, r.Type, r.ID))
		}
	}
	return errors.Join(errs...)
}
