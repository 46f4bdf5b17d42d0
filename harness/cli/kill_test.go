package cli

import "testing"

// TestDisturb: a broker keeps its files when it is ended by kill -9.
func TestDisturb(t *testing.T) {
	heavy(t)
	for _, runtime := range []string{"local", "containers"} {
		t.Run(runtime, func(t *testing.T) {
			upMosquitto(t, runtime)
			runLab(t, "exec", "mosquitto", "--", "touch", "kept").want(t, exitOK)
			runLab(t, "kill", "mosquitto").want(t, exitOK, "mosquitto is killed")
			runLab(t, "status").want(t, exitOK, "")
			runLab(t, "kill", "mosquitto").want(t, exitError, "kill mosquitto: it is killed")
			runLab(t, "restart", "mosquitto").want(t, exitOK, "mosquitto is ready again")
			runLab(t, "exec", "mosquitto", "--", "test", "-e", "kept").want(t, exitOK)
			runLab(t, "pause", "mosquitto").want(t, exitOK, "mosquitto is paused")
			runLab(t, "resume", "mosquitto").want(t, exitOK, "mosquitto is running again")
			runLab(t, "restart", "mosquitto").want(t, exitOK, "mosquitto is ready again")
			runLab(t, "resume", "kafka").want(t, exitUsage, "it has [mosquitto]")
		})
	}
}
