package grade

import (
	"path/filepath"

	"hoplab.example/harness/exercise/fence"
	"hoplab.example/harness/verify/hop"
)

// fence refuses a file that names what isn't the student's own.
func (a *attempt) fence(label string, text []byte) error {
	switch filepath.Ext(label) {
	case ".sql":
		_, err := fence.SQL(label, string(text), a.student.Params(), a.rules())
		return err
	case ".ndjson":
		return fence.Dashboards(label, text, true)
	case ".json":
		return a.fenceJSON(label, text)
	}
	return nil
}

// fenceJSON knows by the lab's hop what a file of JSON must be.
func (a *attempt) fenceJSON(label string, text []byte) error {
	check := map[string]func(string, []byte, fence.Rules) error{hop.Kafka: fence.Connector, hop.Elasticsearch: fence.Template}[a.lab.Hop]
	if check == nil {
		return fence.Dashboards(label, text, false)
	}
	filled, err := a.student.Fill(label, string(text))
	if err != nil {
		return err
	}
	return check(label, []byte(filled), a.rules())
}

func (a *attempt) rules() fence.Rules {
	params := a.student.Params()
	topics, _ := a.lab.OwnTopics(a.ours.Names.Topic) // they were right when the lab was read
	return fence.Rules{
		Topics: topics,
		Source: a.ours.Names.Source, Topic: a.ours.Names.Topic, Index: a.ours.Names.Index, Client: params["client"],
		MQTT: []string{params["mqtt"]}, Kafka: []string{params["kafka"]}, Elasticsearch: []string{params["elasticsearch"]},
		Endless: a.lab.Hop == hop.Elasticsearch,
	}
}
