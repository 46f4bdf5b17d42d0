package version

import (
	"slices"

	"hoplab.example/harness/server/component"
)

// Faults is the name of the stack on which faults are tried: the default one's
// versions, with connections that can be cut. [All] lacks it.
const Faults = "faults"

func faults() Stack {
	s := classic()
	s.Name = Faults
	s.Why = "The default stack with toxiproxy between its servers, for 'lab dev faults', which cuts connections."
	i := slices.IndexFunc(s.Parts, func(p Part) bool { return p.Name == "kafka" })
	s.Parts[i] = kafka4As("4.1.2", "kafka", component.KafkaByToxiproxy())
	small := mosquittoAs(component.SmallMosquitto())
	small.Name, small.Why = "mosquitto-small", "as mosquitto, with a queue that is soon full"
	s.Parts = append(s.Parts, small, Part{
		Name: "toxiproxy", Version: "2.5.0", Why: "built into hoplab, as a library",
	}.of(mosquittoImage(), component.Toxiproxy()))
	return s
}
