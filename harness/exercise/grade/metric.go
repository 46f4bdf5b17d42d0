package grade

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/exercise/lab"
)

func init() {
	register(lab.Kind{Name: "metric", Doc: "some panel shows this number for each field; its look is free", Fits: fits, Options: []lab.Option{
		{Name: "of", Required: true, Type: lab.OneOf("avg", "cardinality", "choice", "count", "max", "min", "percentiles", "sum"),
			Doc: "how the number is computed, by Elasticsearch's name; choice for what a viewer can choose"},
		{Name: "fields", Type: lab.FieldsOption, Doc: "the fields, each of which must be shown; none for count"},
		{Name: "percent", Type: lab.NumberOption, Doc: "which percentile"},
		{Name: "over", Type: lab.TextOption, Doc: "a group such as `histogram of y`, or `all rows`; without it any"},
		{Name: "only", Type: lab.FieldsOption, Doc: "a field and the one value that is shown, such as `sensor accel`"},
	}}, checkMetric)
}

// allRows is what over says for a number that isn't in groups.
const allRows = "all rows"

// fits says which options of "metric" don't go together.
func fits(with map[string]string) string {
	of, fields := with["of"], strings.Fields(with["fields"])
	switch {
	case of == string(panel.Count) && len(fields) > 0:
		return "option fields: count has none"
	case of != "" && of != string(panel.Count) && len(fields) == 0:
		return "option fields: " + of + " needs one or more"
	case (of == string(panel.Percentile)) != (with["percent"] != ""):
		return "option percent: it goes with percentiles, and percentiles with it"
	case with["only"] != "" && len(strings.Fields(with["only"])) != 2:
		return "option only: want a field and a value, such as sensor accel"
	}
	return ""
}

// wanted is what a check of the kind "metric" asks for, in its options.
type wanted struct {
	of, over    string
	fields      []string
	percent     float64
	field, only string
}

func readWanted(c lab.Check) (wanted, error) {
	w := wanted{of: c.With["of"], over: c.With["over"], fields: strings.Fields(c.With["fields"])}
	if len(w.fields) == 0 {
		w.fields = []string{""}
	}
	w.field, w.only, _ = strings.Cut(c.With["only"], " ")
	var err error
	if text := c.With["percent"]; text != "" {
		w.percent, err = strconv.ParseFloat(text, 64)
	}
	return w, err
}

// checkMetric asks that for each field some panel shows what is wanted. It may
// show more, and be called and be drawn as it likes: whether its numbers are
// right is for another check.
func checkMetric(ctx context.Context, a *attempt, c lab.Check) verdict {
	w, err := readWanted(c)
	if err != nil {
		return broken(err)
	}
	b, err := a.board(ctx)
	if err != nil {
		return failed(err)
	}
	var lacks []string
	for _, field := range w.fields {
		if !w.shown(b, field) {
			lacks = append(lacks, w.text(field))
		}
	}
	if len(lacks) > 0 {
		return failed(fmt.Errorf("nothing on the dashboard shows %s\nwhat it shows is\n%s", strings.Join(lacks, ", nor "), b))
	}
	return passed()
}

func (w wanted) shown(b board, field string) bool {
	if w.of == "choice" {
		return slices.Contains(b.choices, field)
	}
	return slices.ContainsFunc(b.charts, func(p panel.Panel) bool {
		return w.grouped(p) && w.filtered(p) && slices.ContainsFunc(p.Metrics, func(m panel.Metric) bool {
			return string(m.Of) == w.of && m.Field == field && m.Percent == w.percent
		})
	})
}

func (w wanted) grouped(p panel.Panel) bool {
	switch w.over {
	case "":
		return true
	case allRows:
		return len(p.Buckets) == 0
	}
	return slices.ContainsFunc(p.Buckets, func(b panel.Bucket) bool { return over(b) == w.over })
}

// filtered: a panel over all rows leaves none out.
func (w wanted) filtered(p panel.Panel) bool {
	if w.field == "" && w.over == allRows {
		return !slices.ContainsFunc(p.Filter, panel.Term.Narrows)
	}
	return w.field == "" || slices.ContainsFunc(p.Filter, func(t panel.Term) bool {
		return t.Is(w.field, w.only)
	})
}

func over(b panel.Bucket) string { return string(b.By) + " of " + b.Field }

// text says what is wanted, in the words with which a board says what it shows.
func (w wanted) text(field string) string {
	if w.of == "choice" {
		return "a choice of " + field
	}
	text := panel.Metric{Of: panel.Statistic(w.of), Field: field, Percent: w.percent}.String()
	if w.over != "" {
		text += " over " + w.over
	}
	if w.field != "" {
		text += " where " + w.field + " is " + w.only
	}
	return text
}

// String lists what the board shows, one line per panel.
func (b board) String() string {
	var lines []string
	for _, p := range b.charts {
		var numbers, groups, terms []string
		for _, m := range p.Metrics {
			numbers = append(numbers, m.String())
		}
		for _, g := range p.Buckets {
			groups = append(groups, over(g))
		}
		line := fmt.Sprintf("%q: %s over %s", p.Title, strings.Join(numbers, ", "), cmp.Or(strings.Join(groups, " and "), allRows))
		for _, t := range p.Filter {
			terms = append(terms, t.String())
		}
		if len(terms) > 0 {
			line += " where " + strings.Join(terms, " and ")
		}
		lines = append(lines, line)
	}
	for _, field := range b.choices {
		lines = append(lines, "a choice of "+field)
	}
	return strings.Join(lines, "\n")
}
