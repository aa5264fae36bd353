/* SPDX-License-Identifier: Apache-2.0 */
/* What a user of DL4J runs for one picture: ZIP PICTURE HEIGHT WIDTH. Prints the likeliest class. */
package oracle;

import java.io.File;
import org.datavec.image.loader.NativeImageLoader;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;

final class Start {
	private Start() { }

	public static void main(String[] args) throws Exception {
		var net = ModelSerializer.restoreComputationGraph(new File(args[0]), false);
		INDArray picture = new NativeImageLoader(Integer.parseInt(args[2]),
				Integer.parseInt(args[3]), 3).asMatrix(new File(args[1]));

		new ImagePreProcessingScaler(-1, 1).transform(picture);
		System.out.println(net.outputSingle(picture).argMax(1));
	}
}
