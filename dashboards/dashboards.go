// Package dashboards holds Kibana's saved objects, one ndjson file per form in which
// Kibana exports them: the data view of the index that lab 4 fills, and a dashboard of its
// rows. definition_test.go defines it. Import one with
// POST /api/saved_objects/_import?overwrite=true and the header kbn-xsrf.
package dashboards

import _ "embed"

// Kibana7 is for Kibana 7.17, which has imported it, and 8.
//
//go:embed kibana-7.ndjson
var Kibana7 []byte

// Kibana8 is the same dashboard in the form of Kibana 8.9, for that, newer ones and 9.
//
//go:embed kibana-8.ndjson
var Kibana8 []byte

// For returns the file for this major version of Kibana, or Kibana7 for 0, and its name.
// Kibana takes what the same or the last major version has exported. Source: "Import saved
// objects" of its API's reference (operation-post-saved-objects-import).
func For(major int) (name string, text []byte) {
	if major >= 9 {
		return "dashboards/kibana-8.ndjson", Kibana8
	}
	return "dashboards/kibana-7.ndjson", Kibana7
}
