package probe

import "context"

// MappingTypes has the type of each field that an index of rows must have.
var MappingTypes = map[string]string{
	"@timestamp": "date", "ts": "long", "usid": "long", "seq": "long",
	"action": "keyword", "device": "keyword", "sensor": "keyword",
	"x": "double", "y": "double", "z": "double",
}

// Mapping returns the type of each field of the index, by name.
func (e *Elastic) Mapping(ctx context.Context) (map[string]string, error) {
	var answer map[string]struct {
		Mappings struct {
			Properties map[string]struct{ Type string }
		}
	}
	err := e.call("ask for the mapping of", &answer)(e.client.Indices.GetMapping(
		e.client.Indices.GetMapping.WithContext(ctx), e.client.Indices.GetMapping.WithIndex(e.index)))
	types := map[string]string{}
	for _, index := range answer {
		for field, property := range index.Mappings.Properties {
			types[field] = property.Type
		}
	}
	return types, err
}

func (e *Elastic) checkMapping(ctx context.Context, found *problems) error {
	types, err := e.Mapping(ctx)
	if err != nil {
		return err
	}
	for _, field := range []string{"@timestamp", "ts", "usid", "seq", "action", "device", "sensor", "x", "y", "z"} {
		if want := MappingTypes[field]; types[field] != want {
			found.add("field %s is mapped as %s, want %s%s", field, orNothing(types[field]), want, mappingAdvice(field))
		}
	}
	return nil
}

func orNothing(kind string) string {
	if kind == "" {
		return "nothing"
	}
	return kind
}

func mappingAdvice(field string) string {
	if field == "@timestamp" {
		return ": neither Kibana nor Grafana takes it for a time (put the index template before the job starts, and write ISO-8601)"
	}
	return ""
}
