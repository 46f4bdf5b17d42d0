package grade

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"hoplab.example/harness/exercise/lab"
)

func init() {
	register(lab.Kind{Name: "group-answers", Options: []lab.Option{
		{Name: "file", Type: lab.FileOption, Required: true, Doc: "a file of YAML with idle, most and needed"},
		{Name: "partitions", Type: lab.ChoiceOption, Required: true, Doc: "the choice of how many partitions the topic has"},
		{Name: "members", Type: lab.ChoiceOption, Required: true, Doc: "the choice of how many members the group has"},
	}, Doc: "the student's prediction for a group is right: how many members are idle, how many partitions the busiest of three has, and how many partitions all members need"}, checkAnswers)
}

// checkAnswers computes what the student has predicted. Source: Kafka's RangeAssignor
// divides the partitions by the members; if that isn't even, the first ones have one more.
func checkAnswers(_ context.Context, a *attempt, c lab.Check) verdict {
	label, text, err := a.raw(c.With["file"])
	if err != nil {
		return failed(err)
	}
	choices := a.lab.Choices(a.name)
	partitions, one := strconv.Atoi(choices[c.With["partitions"]])
	members, two := strconv.Atoi(choices[c.With["members"]])
	if one != nil || two != nil {
		return broken(fmt.Errorf("the choices of %s aren't numbers: %v", a.lab.ID, choices))
	}
	var given map[string]any
	if err := yaml.NewDecoder(bytes.NewReader(text)).Decode(&given); err != nil && !errors.Is(err, io.EOF) {
		return failed(fmt.Errorf("%s: %s", label, strings.TrimPrefix(err.Error(), "yaml: ")))
	}
	const group = 3
	for _, want := range []struct {
		name  string
		value int
		about string
	}{
		{"idle", max(0, members-partitions), fmt.Sprintf("%d members of a group, %d partitions", members, partitions)},
		{"most", (partitions + group - 1) / group, fmt.Sprintf("%d members, %d partitions", group, partitions)},
		{"needed", members, fmt.Sprintf("%d members that all have work", members)},
	} {
		if given[want.name] == nil {
			return failed(fmt.Errorf("%s: %s is missing", label, want.name))
		}
		got := fmt.Sprint(given[want.name])
		number := computed(got)
		if _, err := strconv.Atoi(number); err != nil {
			return failed(fmt.Errorf("%s: %s is %.40s, which is neither a whole number nor a sum of whole numbers with + - * / and brackets", label, want.name, got))
		}
		if number != strconv.Itoa(want.value) {
			return failed(fmt.Errorf("%s: %s is %.40s, which is wrong for %s", label, want.name, got, want.about))
		}
	}
	return passed()
}

// computed is the value of a sum of whole numbers, such as 7 - 2, or what isn't one.
func computed(sum string) string {
	const most = 40                          // characters
	sum = strings.ReplaceAll(sum, "//", "/") // as Python writes it
	if tree, err := parser.ParseExpr(sum); err == nil && len(sum) <= most {
		if v := valueOf(tree); v.Kind() == constant.Int {
			return v.ExactString()
		}
	}
	return sum
}

// valueOf is unknown for what isn't made of numbers, + - * / and brackets.
func valueOf(tree ast.Expr) constant.Value {
	switch e := tree.(type) {
	case *ast.BasicLit:
		if e.Kind == token.INT {
			return constant.MakeFromLiteral(e.Value, token.INT, 0)
		}
	case *ast.ParenExpr:
		return valueOf(e.X)
	case *ast.BinaryExpr:
		x, y := valueOf(e.X), valueOf(e.Y)
		switch {
		case e.Op == token.QUO && constant.Sign(y) != 0:
			return constant.BinaryOp(x, token.QUO_ASSIGN, y) // without the rest
		case e.Op == token.ADD || e.Op == token.SUB || e.Op == token.MUL:
			return constant.BinaryOp(x, e.Op, y)
		}
	}
	return constant.MakeUnknown()
}
