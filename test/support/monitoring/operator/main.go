// Prints what the Prometheus operator makes of a PodMonitor: `podmonitor FILE`. Its module has no such command, and cannot be imported for its
// replace directives: lay this file into cmd/podmonitor/ of github.com/prometheus-operator/prometheus-operator v0.85.0, and build it there.
package main

import (
	"fmt"
	"os"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/prometheus-operator/prometheus-operator/pkg/assets"
	"github.com/prometheus-operator/prometheus-operator/pkg/prometheus"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

func main() {
	text, err := os.ReadFile(os.Args[1])
	check(err)
	monitor := &monitoringv1.PodMonitor{}
	check(yaml.UnmarshalStrict(text, monitor))
	p := &monitoringv1.Prometheus{
		ObjectMeta: metav1.ObjectMeta{Name: "p", Namespace: "monitoring"},
		Spec: monitoringv1.PrometheusSpec{CommonPrometheusFields: monitoringv1.CommonPrometheusFields{Version: "v2.42.0"}},
	}
	cg, err := prometheus.NewConfigGenerator(nil, p)
	check(err)
	config, err := cg.GenerateServerConfiguration(p, nil, map[string]*monitoringv1.PodMonitor{"a": monitor}, nil, nil, assets.NewTestStoreBuilder(), nil, nil, nil, nil)
	check(err)
	fmt.Print(string(config))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
