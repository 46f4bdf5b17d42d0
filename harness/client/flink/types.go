package flink

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// logicalType is a column's type in the gateway's JSON, in the form of
// LogicalTypeJsonSerializer in Flink's REST module.
type logicalType struct {
	Type        string
	Nullable    bool
	Length      int
	Precision   int
	Scale       int
	ElementType *logicalType
	KeyType     *logicalType
	ValueType   *logicalType
	Fields      []struct {
		Name      string
		FieldType logicalType
	}
}

// String writes the type as in SQL, without NOT NULL.
func (t logicalType) String() string {
	switch t.Type {
	case "VARCHAR":
		return sized("VARCHAR", t.Length, "STRING")
	case "VARBINARY":
		return sized("VARBINARY", t.Length, "BYTES")
	case "CHAR", "BINARY":
		return sized(t.Type, t.Length, "")
	case "DECIMAL":
		return fmt.Sprintf("DECIMAL(%d, %d)", t.Precision, t.Scale)
	case "TIMESTAMP_WITHOUT_TIME_ZONE":
		return sized("TIMESTAMP", t.Precision, "")
	case "TIMESTAMP_WITH_LOCAL_TIME_ZONE":
		return sized("TIMESTAMP_LTZ", t.Precision, "")
	case "TIME_WITHOUT_TIME_ZONE":
		return sized("TIME", t.Precision, "")
	}
	return t.nested()
}

func (t logicalType) nested() string {
	switch {
	case t.ElementType != nil:
		return t.Type + "<" + t.ElementType.String() + ">"
	case t.KeyType != nil && t.ValueType != nil:
		return t.Type + "<" + t.KeyType.String() + ", " + t.ValueType.String() + ">"
	case t.Type == "ROW":
		var fields []string
		for _, f := range t.Fields {
			fields = append(fields, "`"+f.Name+"` "+f.FieldType.String())
		}
		return "ROW<" + strings.Join(fields, ", ") + ">"
	}
	return t.Type
}

// sized writes a type and its length. A type of the greatest length may have its
// own name.
func sized(name string, length int, unlimited string) string {
	if length == math.MaxInt32 && unlimited != "" {
		return unlimited
	}
	return fmt.Sprintf("%s(%d)", name, length)
}

type decoder func(json.RawMessage) (any, error)

func (t logicalType) decoder() decoder {
	switch t.Type {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT":
		return decodeInteger
	case "FLOAT", "DOUBLE":
		return decodeFloat
	case "BOOLEAN":
		return decodeBool
	}
	return decodeText
}

func decode(d decoder, field json.RawMessage) (any, error) {
	if string(field) == "null" {
		return nil, nil
	}
	return d(field)
}

// decodeInteger avoids float64, which rounds above 2^53.
func decodeInteger(field json.RawMessage) (any, error) {
	n, err := strconv.ParseInt(string(field), 10, 64)
	if err != nil {
		return nil, err
	}
	return n, nil
}

// decodeFloat also reads "NaN", "Infinity" and "-Infinity", which JSON has no
// numbers for and which come as strings.
func decodeFloat(field json.RawMessage) (any, error) {
	text := strings.Trim(string(field), `"`)
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func decodeBool(field json.RawMessage) (any, error) {
	var b bool
	err := json.Unmarshal(field, &b)
	return b, err
}

// decodeText returns a value that isn't a JSON string as it was sent: a DECIMAL's
// digits, an ARRAY's JSON.
func decodeText(field json.RawMessage) (any, error) {
	if len(field) == 0 || field[0] != '"' {
		return string(field), nil
	}
	var text string
	err := json.Unmarshal(field, &text)
	return text, err
}
