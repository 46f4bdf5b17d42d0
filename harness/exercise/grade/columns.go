package grade

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/rows/wisdm"
)

func init() {
	register(lab.Kind{Name: "columns", Options: []lab.Option{sqlFile}, Rest: "a column's name, with the SQL type that its type begins with",
		Doc: "the student's table has these columns; the reason says what a wrong type does to the rows"}, checkColumns)
}

// checkColumns compares the table's columns with what the check says: a name and
// a type each. The reason doesn't say which type is right.
func checkColumns(ctx context.Context, a *attempt, c lab.Check) verdict {
	answer, err := a.query(ctx, c, "DESCRIBE `"+a.ours.Names.Table+"`")
	if err != nil {
		return failed(err)
	}
	types := map[string]string{}
	for _, row := range answer.Rows {
		if len(row) > 1 {
			types[fmt.Sprint(row[0])] = fmt.Sprint(row[1])
		}
	}
	var wrong []string
	for _, column := range slices.Sorted(maps.Keys(c.With)) {
		if want := c.With[column]; column != "file" && !strings.HasPrefix(types[column], want) {
			wrong = append(wrong, misfit(column, types[column], a.oracle.Rows()))
		}
	}
	if len(wrong) > 0 {
		return failed(fmt.Errorf("%s", strings.Join(wrong, "\n")))
	}
	return passed()
}

// misfit says what a column's type does to the values of rows, as far as it is known.
func misfit(column, kind string, rows []wisdm.Row) string {
	if kind == "" {
		return fmt.Sprintf("column %s isn't there", column)
	}
	base, _, _ := strings.Cut(strings.Fields(kind)[0], "(")
	if damage := damaged(column, base, rows); damage != "" {
		return fmt.Sprintf("column %s %s", column, damage)
	}
	var example map[string]json.RawMessage
	json.Unmarshal(wisdm.AppendMessage(nil, rows[0]), &example)
	return fmt.Sprintf("column %s is %s, and a message has %s there", column, kind, example[column])
}

// wholes are the types of whole numbers, of Flink and of Elasticsearch. Both cut off what a
// number has behind the point: Elasticsearch's mapping parameter coerce says so, and the
// scenarios' traps show it of Flink.
var wholes = []string{"TINYINT", "SMALLINT", "INT", "BIGINT", "LONG", "INTEGER", "SHORT", "BYTE"}

// damaged says in how many rows a type changes the value of x, y or z, or "".
func damaged(field, kind string, rows []wisdm.Row) string {
	var change func(float64) float64
	how := "has other digits than were sent"
	switch kind = strings.ToUpper(kind); {
	case slices.Contains(wholes, kind):
		change, how = math.Trunc, "is cut to a whole number"
	case kind == "FLOAT":
		change = func(v float64) float64 { return float64(float32(v)) }
	default:
		return ""
	}
	n := 0
	for _, r := range rows {
		if v, ok := map[string]float64{"x": r.X, "y": r.Y, "z": r.Z}[field]; ok && v != change(v) {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%s in %d of %d rows", how, n, len(rows))
}
