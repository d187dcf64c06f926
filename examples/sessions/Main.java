// A cluster of your own, in Java.
import io.github.cdk8srediscluster.PersistentVolumeClaimOptions;
import io.github.cdk8srediscluster.RedisCluster;
import io.github.cdk8srediscluster.RedisClusterApp;
import io.github.cdk8srediscluster.RedisClusterChart;
import io.github.cdk8srediscluster.RedisConfig;
import io.github.cdk8srediscluster.RedisConfigSettings;
import io.github.cdk8srediscluster.RedisStorage;
import org.cdk8s.Duration;
import org.cdk8s.Size;

public class Main {
    public static void main(String[] args) {
        RedisClusterApp app = new RedisClusterApp();

        RedisClusterChart.Builder.create(app, "sessions")
            .name("sessions")
            .namespace("data")
            .image("redis:7.0")
            .storage(RedisStorage.persistentVolumeClaim(PersistentVolumeClaimOptions.builder()
                .size(Size.gibibytes(10))
                .storageClassName("fast")
                .build()))
            .resources(RedisCluster.DOCUMENTED_RESOURCES)
            .config(RedisConfig.documentedTuning(RedisConfigSettings.builder()
                .clusterNodeTimeout(Duration.seconds(10))
                .build()))
            .build();

        app.synth();
    }
}
