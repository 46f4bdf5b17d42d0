package savedobject

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

const (
	dashboardType     = "dashboard"
	visualizationType = "visualization"
	viewType          = "index-pattern" // a data view, by its name until 8.0
	tagType           = "tag"           // a label of objects: nothing is drawn of it
)

// object is one line of an export.
type object struct {
	ID, Type   string
	Attributes json.RawMessage
	References []reference
	// MigrationVersion says, by type, after which version's migration the object
	// is; CoreMigrationVersion is that of the Kibana which has written it.
	MigrationVersion     map[string]string
	CoreMigrationVersion string
	TypeMigrationVersion string // since 8.8, in the place of MigrationVersion

	title string
	at    string // file:line
	used  bool
}

type reference struct{ ID, Name, Type string }

// errorf names the object.
func (o *object) errorf(format string, args ...any) error {
	return fmt.Errorf("%s: %s %q (%s): %w", o.at, o.Type, o.title, o.ID, fmt.Errorf(format, args...))
}

// resolve returns the id that the object's reference has.
func (o *object) resolve(kind string, names ...string) (string, error) {
	for _, r := range o.References {
		if slices.Contains(names, r.Name) && r.Type == kind {
			return r.ID, nil
		}
	}
	return "", o.errorf("it has no reference %q to a %s", names[0], kind)
}

// export is a file's objects in its order.
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
		return nil, fmt.Errorf("%s: it holds no saved object", file)
	}
	for _, o := range e.objects {
		errs = append(errs, e.references(o))
	}
	return e, errors.Join(errs...)
}

// add takes an object, or the summary that an export ends with.
func (e *export) add(at string, line []byte) error {
	o := object{at: at}
	if err := json.Unmarshal(line, &o); err != nil {
		return fmt.Errorf("%s: no saved object: %w: %.60q", at, err, bytes.TrimSpace(line))
	}
	if o.Type == "" && o.ID == "" && bytes.Contains(line, []byte(`"exportedCount"`)) {
		return nil
	}
	if o.Type == "" || o.ID == "" || len(o.Attributes) == 0 {
		return fmt.Errorf("%s: no saved object: it lacks type, id or attributes: %.60q", at, bytes.TrimSpace(line))
	}
	var named struct{ Title, Name string }
	if err := json.Unmarshal(o.Attributes, &named); err != nil {
		return o.errorf("its attributes: %w", err)
	}
	o.title = named.Title + named.Name
	if twin := e.find(o.Type, o.ID); twin != nil {
		return o.errorf("%s has the same type and id: Kibana would keep one of them", twin.at)
	}
	e.objects = append(e.objects, &o)
	e.byKey[o.Type+"\x00"+o.ID] = &o
	switch o.Type {
	case dashboardType, visualizationType, viewType, tagType:
		return e.version(&o)
	}
	return o.errorf("objects of type %q aren't understood here; make an aggregation based visualization of it", o.Type)
}

// version refuses an object of a newer Kibana, as Kibana itself does.
func (e *export) version(o *object) error {
	written := []string{o.CoreMigrationVersion, o.TypeMigrationVersion}
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
			return o.errorf("its version is %q, which is none", version)
		}
		if number > e.Major {
			return o.errorf("Kibana %s has written it, and Kibana %d takes nothing of a newer one; export it from a %d", version, e.Major, e.Major)
		}
	}
	return nil
}

func (e *export) references(o *object) error {
	var errs []error
	for _, r := range o.References {
		if r.Type != tagType && e.find(r.Type, r.ID) == nil {
			errs = append(errs, o.errorf("its reference %q is to the %s %q, which the file lacks; export with related objects", r.Name, r.Type, r.ID))
		}
	}
	return errors.Join(errs...)
}

// strict decodes one value and refuses what v has no field for.
func strict(text []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("there is more after its end")
	}
	return nil
}
