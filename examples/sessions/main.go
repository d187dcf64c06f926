// A cluster of your own, in Go.
package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-redis-cluster/cdk8s-redis-cluster-go/cdk8srediscluster"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

func main() {
	app := cdk8srediscluster.NewRedisClusterApp(nil)

	cdk8srediscluster.NewRedisClusterChart(app, jsii.String("sessions"), &cdk8srediscluster.RedisClusterChartProps{
		Name:      jsii.String("sessions"),
		Namespace: jsii.String("data"),
		Image:     jsii.String("redis:7.0"),
		Storage: cdk8srediscluster.RedisStorage_PersistentVolumeClaim(&cdk8srediscluster.PersistentVolumeClaimOptions{
			Size:             cdk8s.Size_Gibibytes(jsii.Number(10)),
			StorageClassName: jsii.String("fast"),
		}),
		Resources: cdk8srediscluster.RedisCluster_DOCUMENTED_RESOURCES(),
		Config: cdk8srediscluster.RedisConfig_DocumentedTuning(&cdk8srediscluster.RedisConfigSettings{
			ClusterNodeTimeout: cdk8s.Duration_Seconds(jsii.Number(10)),
		}),
	})

	app.Synth()
}
