/* SPDX-License-Identifier: Apache-2.0 */
package oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Goldens of a full-size Xception: RELEASE CASE_DIR DUMP_DIR [zoo].
 *
 * The net is CASE_DIR/configuration.json, or with `zoo` the one of this DL4J's own model zoo, with seeded
 * parameters.
 */
public final class Xception {
	private static final int SIDE = 299;

	private Xception() {
	}

	public static void main(String[] args) throws IOException {
		Path dir = Paths.get(args[1]);
		boolean zoo = args.length > 3;

		ComputationGraph net = zoo ? zoo() : new ComputationGraph(ComputationGraphConfiguration.fromJson(
			Files.readString(dir.resolve("configuration.json"))));
		if (!zoo)
			net.init();
		boolean nhwc = isNhwc(net);
		InputType type = InputType.convolutional(SIDE, SIDE, 3, nhwc ? CNN2DFormat.NHWC : CNN2DFormat.NCHW);
		/* M2.1's zoo leaves its convolutions the default activation, a sigmoid. */
		Large large = new Large(dir, Paths.get(args[2])).afterSigmoid(zoo);
		if (nhwc)
			large.write(net, type, SIDE, SIDE, 3);
		else
			large.write(net, type, 3, SIDE, SIDE);
	}

	private static ComputationGraph zoo() {
		return org.deeplearning4j.zoo.model.Xception.builder().numClasses(1000)
			.inputShape(new int[] {3, SIDE, SIDE}).build().init();
	}

	private static boolean isNhwc(ComputationGraph net) {
		LayerVertex first = (LayerVertex) net.getConfiguration().getVertices().get("block1_conv1");
		return ((ConvolutionLayer) first.getLayerConf().getLayer()).getCnn2dDataFormat() == CNN2DFormat.NHWC;
	}
}
