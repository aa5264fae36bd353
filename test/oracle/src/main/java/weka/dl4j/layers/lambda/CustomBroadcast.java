/* SPDX-License-Identifier: Apache-2.0 */
package weka.dl4j.layers.lambda;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Stands for wekaDeeplearning4j's lambda layer of that name, so that its zips can be written and read here:
 * hands its input [n,1,1,c] on, which the product behind it broadcasts.
 */
public class CustomBroadcast extends SameDiffLambdaLayer {
	/** Of the picture; no field, as a zip does not have it. */
	private final transient long width;

	public CustomBroadcast() {
		this(1);
	}

	public CustomBroadcast(long width) {
		this.width = width;
	}

	@Override
	public SDVariable defineLayer(SameDiff sd, SDVariable x) {
		return sd.identity(x);
	}

	@Override
	public InputType getOutputType(int index, InputType type) {
		long channels = ((InputType.InputTypeConvolutional) type).getChannels();
		return InputType.convolutional(width, width, channels, CNN2DFormat.NHWC);
	}
}
