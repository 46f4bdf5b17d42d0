package version

import (
	"strings"

	"hoplab.example/harness/server/component"
)

// Compat is the name of the stack that has several versions of Elasticsearch
// side by side. It is for the matrix of what works with what only: no run can be
// made on it, since it has no component elasticsearch. So [All] lacks it.
const Compat = "compat"

func compat() Stack {
	return Stack{
		Name: Compat,
		Why:  "Five versions of Elasticsearch beside one Kafka and two Flinks, for 'lab dev compat', which tries each with each writer and reader.",
		Parts: []Part{
			mochi(), kafka4(),
			flink1("the last line for which an Elasticsearch connector works"),
			secondFlink(),
			node("7.6.0", "elasticsearch-7.6", "the original lab's", component.Elasticsearch76()),
			node("7.17.29", "elasticsearch", "the last 7", component.Elasticsearch()),
			node("8.6.2", "elasticsearch-8.6", "an 8 whose distribution answers GET /, unlike the last one's", component.Elasticsearch()),
			node("8.19.21", "elasticsearch-8", "the last 8", component.Elasticsearch()),
			node("9.2.4", "elasticsearch-9", "the stack current's", component.Elasticsearch()),
		},
	}
}

// Nodes returns the parts of a stack that are versions of Elasticsearch, each
// with one component.
func (s Stack) Nodes() []Part {
	var nodes []Part
	for _, p := range s.Parts {
		if strings.HasPrefix(p.Name, nodePrefix) {
			nodes = append(nodes, p)
		}
	}
	return nodes
}

const nodePrefix = "elasticsearch"

// SecondFlink begins the names of the components of Flink 2 in the stack [Compat].
const SecondFlink = "flink2"

func secondFlink() Part {
	var described []component.Component
	for _, c := range flinkComponents() {
		described = append(described, component.NamedFlink(SecondFlink, c))
	}
	p := flink2("the stack current's", described...)
	p.Name = SecondFlink
	return p
}

// node is a version of Elasticsearch whose name has its major and minor number.
func node(version, pom, why string, described component.Component) Part {
	name := nodePrefix + "-" + version[:strings.LastIndexByte(version, '.')]
	p := elasticsearch(version, pom, why, component.NamedElasticsearch(name, described))
	p.Name = name
	return p
}
