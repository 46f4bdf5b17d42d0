// Package strictjson decodes JSON whose every field must be known. Its errors are in
// a person's words, and not in those of encoding/json.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Unmarshal decodes one value into v, and refuses fields that v lacks.
func Unmarshal(text []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return Explain(err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("there is more after its end")
	}
	return nil
}

// Explain names the field that an error of encoding/json is about.
func Explain(err error) error {
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind) && kind.Field == "":
		return fmt.Errorf("it has the wrong JSON type, %s", kind.Value)
	case errors.As(err, &kind):
		return fmt.Errorf("field %q has the wrong JSON type, %s", written(kind.Field), kind.Value)
	case errors.Is(err, io.EOF):
		return errors.New("there is nothing in it")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("its end is missing")
	}
	if name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return fmt.Errorf("field %s isn't understood here, and may change what is shown", name)
	}
	return err
}

// written returns the path of a field as JSON has it: encoding/json names a field
// without a tag as Go does, TimeField for timeField.
func written(path string) string {
	keys := strings.Split(path, ".")
	for i, key := range keys {
		if key == strings.ToUpper(key) {
			keys[i] = strings.ToLower(key)
		} else {
			keys[i] = strings.ToLower(key[:1]) + key[1:]
		}
	}
	return strings.Join(keys, ".")
}
