// Package dashboards holds Kibana's saved objects, one ndjson file per major version
// of Kibana: the data view of the index that lab 4 fills, and a dashboard of its
// rows. definition_test.go defines it. Import one with
// POST /api/saved_objects/_import?overwrite=true and the header kbn-xsrf.
package dashboards

import _ "embed"

// Kibana7 is for Kibana 7.17; 8.x accepts it too.
//
//go:embed kibana-7.ndjson
var Kibana7 []byte
