package strictjson

import (
	"strings"
	"testing"
)

func TestUnmarshal(t *testing.T) {
	for text, want := range map[string]string{
		`{"a": 1, "b": {"c": "x"}}`: "",
		`{"exists": 1}`:             `field "exists" isn't understood here`,
		`{"a": "x"}`:                `field "a" has the wrong JSON type, string`,
		`{"b": {"c": 1}}`:           `field "b.c" has the wrong JSON type, number`,
		`{"timeField": 1}`:          `field "timeField" has the wrong JSON type, number`,
		`{"id": 1}`:                 `field "id" has the wrong JSON type, number`,
		`[]`:                        "it has the wrong JSON type, array",
		`{"a": 1} {}`:               "there is more after its end",
		`{"a": 1`:                   "its end is missing",
		``:                          "there is nothing in it",
		`{"a": x}`:                  "invalid character 'x'",
	} {
		var v struct {
			A int
			B struct{ C string }

			TimeField, ID string
		}
		err := Unmarshal([]byte(text), &v)
		if (err == nil) != (want == "") || err != nil && (!strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "json")) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
