package testenv

import (
	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/server/access/dial"
)

// Bridge carries cfg.Source from MQTT into Kafka until the test's end, and fails the test
// where the bridge fails. Addresses and logins are filled in.
func (e *Env) Bridge(cfg bridge.Config) *bridge.Running {
	e.t.Helper()
	logins := e.Access()
	cfg.Login, cfg.Broker = logins[e.Broker()], dial.MQTTURL(logins[e.Broker()], e.MQTT.Addr())
	cfg.Kafka, cfg.KafkaLogin = []string{e.Kafka.Addr()}, logins["kafka"]
	running, err := bridge.Start(e.t.Context(), cfg)
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() {
		if err := running.Stop(); err != nil {
			e.t.Error(err)
		}
	})
	return running
}
