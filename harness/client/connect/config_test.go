package connect

import (
	"fmt"
	"testing"
)

func TestReadConfig(t *testing.T) {
	for text, want := range map[string]string{
		`{"a": "x", "b": 12345678901, "c": true}`:                                       "map[a:x b:12345678901 c:true] <nil>",
		`{"name": "n", "config": {"a": 1}}`:                                             "map[a:1] <nil>",
		`{"name": "n", "config": "x"}`:                                                  "map[config:x] <nil>",
		`{"name": "n", "config": {"a": 1}, "b": "x"}`:                                   "map[] config has no single value: write a text in double quotes, a number, true or false",
		`{"name": "n", "config": {"name": "n", "a": 1}, "tasks": [], "type": "source"}`: "map[a:1] <nil>",
		`{"config": {"a": 1}, "name": "n", "initial_state": "PAUSED"}`:                  "map[a:1] <nil>",
		`{"a": null}`: "map[] a has no single value: write a text in double quotes, a number, true or false",
		`["a"]`:       "map[] json: cannot unmarshal array into Go value of type map[string]interface {}",
	} {
		config, err := ReadConfig([]byte(text))
		if got := fmt.Sprint(config, err); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
