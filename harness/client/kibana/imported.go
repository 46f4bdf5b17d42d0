package kibana

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// imported is Kibana's answer to an import. Its status is 200 also where objects are
// refused (answers of 7.17.6).
type imported struct {
	Success        bool
	SuccessCount   int
	SuccessResults []struct {
		Ref
		DestinationID string
	}
	Errors []struct {
		Ref
		Meta  struct{ Title string }
		Error struct {
			Type, Message, Reason string
			References            []Ref
		}
	}
}

// problem reports what Kibana refused of the export, if anything.
func (i imported) problem(ndjson []byte) error {
	var errs []error
	for _, e := range i.Errors {
		why := e.Error.Type
		for _, more := range []string{e.Error.Message, e.Error.Reason} {
			if more != "" {
				why += ": " + more
			}
		}
		if len(e.Error.References) > 0 {
			var lost []string
			for _, r := range e.Error.References {
				lost = append(lost, r.String())
			}
			why += " (" + strings.Join(lost, ", ") + ")"
		}
		errs = append(errs, fmt.Errorf("it refuses %s %q: %s", e.Ref, e.Meta.Title, why))
	}
	if sent := len(Refs(ndjson)); len(errs) == 0 && (!i.Success || i.SuccessCount != sent) {
		errs = append(errs, fmt.Errorf("it took %d of %d objects and doesn't say why", i.SuccessCount, sent))
	}
	return errors.Join(errs...)
}

// Refs lists the saved objects of an export, without its summary.
func Refs(ndjson []byte) (refs []Ref) {
	for _, o := range objects(ndjson) {
		refs = append(refs, o.Ref)
	}
	return refs
}

// Objects returns the saved objects of an export.
func Objects(ndjson []byte) map[Ref]Object {
	all := map[Ref]Object{}
	for _, o := range objects(ndjson) {
		all[o.Ref] = o
	}
	return all
}

func objects(ndjson []byte) (all []Object) {
	for line := range bytes.Lines(bytes.TrimPrefix(ndjson, []byte("\ufeff"))) {
		var o Object
		if json.Unmarshal(line, &o) == nil && o.Type != "" {
			all = append(all, o)
		}
	}
	return all
}
